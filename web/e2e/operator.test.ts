import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";
import { nodePath, root, toolEnv, tools } from "../../scripts/machine/node24.mjs";
import { becomeAdministrator, reads, write } from "./harness/journey.ts";
import type { Server } from "./harness/server.ts";
import { test } from "./harness/stage.ts";

type Site = Pick<Server, "origin" | "storage">;

/** Runs an operator's command against this server; what it prints. */
function operate({ origin, storage }: Site, command: string, ...more: string[]): Promise<string> {
  const file = join(root, "scripts", "ops", `${command}.mjs`);
  const place = ["--local", `--url=${origin}`, `--persist-to=${storage}`];
  const child = spawn(nodePath(), [file, ...place, ...more], { cwd: root, env: toolEnv() });
  let said = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  return new Promise((resolve, reject) => {
    child.on("exit", (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
  });
}

/** What a restore to an earlier moment leaves of a database. */
function execute({ storage }: Site, database: string, sql: string): string {
  const place = ["--local", `--persist-to=${storage}`, "--yes", "--json"];
  const { status, stdout, stderr } = spawnSync(
    nodePath(),
    [tools.wrangler, "d1", "execute", database, ...place, `--command=${sql}`],
    { cwd: root, encoding: "utf8", env: toolEnv({ CI: "true", NO_COLOR: "1" }) },
  );
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}

test("after a restore one command brings D1 up to date, and people go on as if nothing had been", async ({
  server,
  couple,
}) => {
  const { practitioner, patient } = couple;
  const archived = () => Number(/"n": (\d+)/.exec(count())?.[1]);
  const count = () => execute(server, "ARCHIVE_0", "SELECT count(*) AS n FROM envelopes");
  // The archive may be ten minutes behind: the first run gives it all.
  expect(await operate(server, "after-restore")).toMatch(/All sessions ended: [3-9]\d*\./);
  const before = archived();
  expect(before).toBeGreaterThanOrEqual(4);
  execute(server, "ARCHIVE_0", "DELETE FROM envelopes WHERE seq > 1");
  execute(server, "DB", "UPDATE invitations SET state = 'open', used_by = NULL");
  expect(archived()).toBeLessThan(before);
  const said = await operate(server, "after-restore");
  expect(said).toContain("Lost messages: none.");
  expect(said).not.toContain("BEHIND");
  expect(archived()).toBeGreaterThanOrEqual(before);
  // Their devices have signed in again by themselves.
  await write(patient, "Are you still there?");
  await reads(practitioner, "Are you still there?");
  await write(practitioner, "Of course");
  await reads(patient, "Of course");
});

test("a link for one more administrator works once and retires nobody", async ({
  server,
  arrive,
  couple: { office },
}) => {
  const said = await operate(server, "new-administrator");
  const pass = /\/setup#(\S+)/.exec(said)?.[1] ?? "";
  const second = await arrive();
  await becomeAdministrator(second, pass, "Second office");
  await office.page.reload();
  await office.page.getByRole("button", { name: "Invite practitioner" }).first().waitFor();
  const third = await arrive();
  await third.page.goto(`/setup#${pass}`);
  await third.page.getByRole("textbox", { name: "Your name" }).waitFor({ state: "detached" });
  const setup = await fetch(`${server.origin}/api/setup`);
  expect(await setup.json()).toEqual({ needed: false, first: false });
});

test("conversations do not go on in a shard that is not bound, and the command says so", async ({
  server,
}) => {
  const asked = operate(server, "continue-on-shard", "--from=0", "--to=1");
  await expect(asked).rejects.toThrow("400 bad_request");
});
