import type { TestProject } from "vitest/node";
import { startPushService } from "./loopback-push-service.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** address of the push service on this machine */
    readonly pushService: string;
  }
}

/** Runs a push service beside the tests of the Workers' runtime. */
export default async function setup(project: TestProject): Promise<() => void> {
  const { url, server } = await startPushService();
  project.provide("pushService", url);
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
