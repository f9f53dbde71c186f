import { expect, test } from "vitest";
import { databases, databasesIn } from "./databases.mjs";

const DB = { binding: "DB", name: "thyme", id: "1" };
const SHARD = { binding: "ARCHIVE_0", name: "thyme-archive-0", id: "2" };

test.each([
  [
    "as the documents write it",
    `[[d1_databases]]
binding = "DB"
database_name = "thyme"
database_id = "1"
migrations_dir = "migrations"

[[d1_databases]]
binding = "ARCHIVE_0"
database_name = "thyme-archive-0"
database_id = "2"`,
  ],
  [
    "in another order, with comments, blanks and other quotes",
    `[[ d1_databases ]] # main
database_id='1'
  # the name
  database_name   = "thyme"
migrations_dir = "migrations"
binding = 'DB'
[vars]
A = "[[d1_databases]]"
[[d1_databases]]
"database_name" = """thyme-archive-0"""

database_id = "2" # shard
binding = "ARCHIVE_0"`,
  ],
  [
    "inline",
    `d1_databases = [
  { binding = "DB", database_name = "thyme", database_id = "1" },
  { database_id = "2", database_name = "thyme-archive-0", binding = "ARCHIVE_0" },
]`,
  ],
])("every database is found, %s", (_, toml) => {
  expect(databasesIn(toml)).toEqual([DB, SHARD]);
});

test("a database bound twice counts once, and none is none", () => {
  const twice = ["DB", "ARCHIVE_0"].map(
    (binding) =>
      `[[d1_databases]]\nbinding = "${binding}"\ndatabase_name = "thyme"\ndatabase_id = "1"\n`,
  );
  expect(databasesIn(twice.join("\n"))).toEqual([DB]);
  expect(databasesIn('name = "thyme"')).toEqual([]);
});

test("one that lacks its id, and what is no TOML, is not passed over", () => {
  expect(() => databasesIn('[[d1_databases]]\nbinding = "DB"\ndatabase_name = "x"')).toThrow(
    /database_id/,
  );
  expect(() => databasesIn("[[d1_databases")).toThrow();
});

test('decision "archive shards": the archive is a database of its own in this repository', () => {
  expect(databases().map(({ binding }) => binding)).toEqual(["DB", "ARCHIVE_0"]);
});
