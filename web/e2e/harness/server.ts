import { inject } from "vitest";
import { newSecrets } from "../../../.ci/local-secrets.mjs";
import { freePort } from "../../../.ci/worker-process.mjs";
import { LocalServer, type Server } from "./local-server.ts";

export type { Server };

interface Options {
  /** Secrets and settings that differ from the generated and configured ones. */
  readonly vars?: Readonly<Record<string, string>>;
}

/** Starts a Worker on a free port with storage of its own. */
export async function startServer({ vars = {} }: Options = {}): Promise<Server> {
  const secrets = { ...newSecrets(), ...vars };
  const server = new LocalServer(await freePort(), secrets, inject("emptyStorage"));
  await server.start();
  return server;
}
