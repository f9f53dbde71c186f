import { parseArgs } from "node:util";

/**
 * `-- --url https://thyme.example.org` for the deployed Thyme, `-- --local` for the one of this folder.
 * @param {string} command
 */
export function opsOptions(command) {
  const { values } = parseArgs({
    options: {
      local: { type: "boolean", default: false },
      url: { type: "string" },
      "persist-to": { type: "string" },
    },
  });
  const port = process.env["PORT"] ?? "8787";
  const url = values.url ?? (values.local ? `http://localhost:${port}` : undefined);
  if (url === undefined || !URL.canParse(url)) {
    console.error(
      `Say which Thyme: npm run ${command} -- --url https://your-host, or npm run ${command} -- --local`,
    );
    process.exit(2);
  }
  const where = { local: values.local, persistTo: values["persist-to"] };
  return { where, origin: new URL(url).origin };
}
