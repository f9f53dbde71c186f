import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./node24.mjs";

/**
 * The D1 databases of a wrangler.toml by binding; one that is bound twice counts once.
 * @param {string} toml
 * @returns {{ binding: string, name: string, id: string }[]}
 */
export function databasesIn(toml) {
  // Not an import: commands load this file before they have installed any package.
  /** @type {typeof import("smol-toml")} */
  const { parse } = createRequire(import.meta.url)("smol-toml");
  const { d1_databases: tables = [] } = parse(toml);
  if (!Array.isArray(tables)) throw new TypeError("d1_databases is no list of tables");
  const databases = tables.map((table) => {
    const { binding, database_name: name, database_id: id } = Object(table);
    if (![binding, name, id].every((value) => typeof value === "string")) {
      throw new TypeError("each of d1_databases needs binding, database_name and database_id");
    }
    return { binding, name, id };
  });
  return databases.filter(({ id }, i) => databases.findIndex((other) => other.id === id) === i);
}

/** The databases of this checkout, the main one and every archive shard. */
export const databases = () => databasesIn(readFileSync(join(root, "wrangler.toml"), "utf8"));
