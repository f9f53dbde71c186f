import { newSecrets } from "../../../scripts/local/local-secrets.mjs";
import { freePort } from "../../../scripts/local/worker-process.mjs";
import { LocalServer, type Server } from "./local-server.ts";

export type { Server };

/** Starts a Worker on a free port with storage of its own, a copy of this one. */
export async function startServer(
  storage: string,
  options: { readonly https?: boolean } = {},
): Promise<Server> {
  const server = new LocalServer(await freePort(), await newSecrets(), storage, options);
  await server.start();
  return server;
}
