import { parseArgs } from "node:util";

/**
 * `-- --url https://thyme.example.org` for the deployed Thyme, `-- --local` for the one of this folder.
 * @template {string} [Name=never]
 * @param {string} command
 * @param {readonly Name[]} [numbers] further options, each a number that has to be said
 * @returns {{ where: import("./pass.mjs").Where, origin: string } & Record<Name, number>}
 */
export function opsOptions(command, numbers = []) {
  const { values } = parseArgs({
    options: {
      local: { type: "boolean", default: false },
      url: { type: "string" },
      "persist-to": { type: "string" },
      ...Object.fromEntries(
        numbers.map((name) => [name, { type: /** @type {const} */ ("string") }]),
      ),
    },
  });
  const port = process.env["PORT"] ?? "8787";
  const url = values.url ?? (values.local ? `http://localhost:${port}` : undefined);
  const given = new Map(Object.entries(values));
  const said = numbers.map((name) => [name, Number(given.get(name) ?? "")]);
  const isSaid = numbers.every((name) => /^\d+$/.test(String(given.get(name))));
  if (url === undefined || !URL.canParse(url) || !isSaid) {
    const more = numbers.map((name) => ` --${name} N`).join("");
    console.error(
      `Say which Thyme: npm run ${command} -- --url https://your-host${more}, or npm run ${command} -- --local${more}`,
    );
    process.exit(2);
  }
  const where = { local: values.local, persistTo: values["persist-to"] };
  const rest = /** @type {Record<Name, number>} */ (Object.fromEntries(said));
  return { where, origin: new URL(url).origin, ...rest };
}
