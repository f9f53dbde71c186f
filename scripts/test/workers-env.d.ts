import type { D1Migration } from "cloudflare:test";

declare global {
  namespace Cloudflare {
    interface Env {
      TEST_MIGRATIONS: D1Migration[];
      /** an archive shard that no conversation is given by itself */
      ARCHIVE_1: D1Database;
    }
  }
}

declare module "vitest" {
  interface ProvidedContext {
    /** address of the push service on this machine (push-service.ts) */
    readonly pushService: string;
  }
}
