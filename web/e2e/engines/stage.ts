import { inject } from "vitest";
import { type Server, startServer } from "../harness/server.ts";
import { launchEngine } from "./launch.ts";
import { Tab } from "./tab.ts";
import type { EngineName } from "./wire.ts";

/** A server with storage of its own and a browser of one engine. */
export interface Stage {
  readonly server: Server;
  /** Opens a page for somebody new. */
  arrive(): Promise<Tab>;
}

/** What both need is gone when the work is done, however it ended. */
export async function onStage(
  name: EngineName,
  work: (stage: Stage) => Promise<void>,
  options: { readonly https?: boolean } = {},
): Promise<void> {
  const server = await startServer(inject("emptyStorage"), options);
  try {
    const engine = await launchEngine(name);
    try {
      await work({ server, arrive: () => Tab.open(engine, server.origin) });
    } finally {
      await engine.close();
    }
  } finally {
    await server.remove();
  }
}
