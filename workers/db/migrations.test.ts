import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FORMAT as conversation } from "../conversation/tables/schema.ts";
import { FORMAT as inbox } from "../inbox/schema.ts";
import { notAdding } from "./additive.test-kit.ts";

const folder = join(import.meta.dirname, "../../migrations");
const ofD1 = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
const ofObjects = [
  ...conversation.steps.map((step, i) => [`Conversation ${i + 1}`, step] as const),
  ...inbox.steps.map((step, i) => [`Inbox ${i + 1}`, step] as const),
];

describe('decision "both ways": migrations only add', () => {
  test.each([...ofD1, ...ofObjects])("%s", (_, sql) => {
    expect(notAdding(sql)).toEqual([]);
  });

  test.each([
    ["DROP TABLE accounts"],
    ["ALTER TABLE accounts RENAME TO people"],
    ["ALTER TABLE accounts RENAME COLUMN role TO kind"],
    ["ALTER TABLE accounts DROP COLUMN role"],
    ["ALTER TABLE accounts ADD note text NOT NULL"],
    ["ALTER TABLE accounts ADD note text UNIQUE"],
    ["CREATE UNIQUE INDEX one_role ON accounts (role)"],
    ["DROP INDEX accounts_role"],
    ["DELETE FROM accounts"],
    ["PRAGMA foreign_keys=OFF"],
    ["CREATE TRIGGER t AFTER INSERT ON accounts BEGIN SELECT 1"],
    ["CREATE TABLE accounts AS SELECT 1"],
  ])("refused: %s", (sql) => {
    expect(notAdding(`CREATE TABLE x (a integer NOT NULL);\n-- why\n${sql};`)).toHaveLength(1);
  });

  test.each([
    ["ALTER TABLE `accounts` ADD `note` text"],
    ["ALTER TABLE `accounts` ADD `note` integer DEFAULT 0 NOT NULL"],
    ["CREATE TABLE y (a integer NOT NULL);\nCREATE UNIQUE INDEX y_a ON y (a)"],
    ["CREATE INDEX accounts_note ON accounts (note) WHERE note IS NOT NULL"],
    ["UPDATE accounts SET note = 1 WHERE note IS NULL"],
  ])("taken, the positive control: %s", (sql) => {
    expect(notAdding(`${sql};`)).toEqual([]);
  });
});
