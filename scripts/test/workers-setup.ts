import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

// With `isolate: false` every file shares one storage: a file that needs an empty one calls `reset()` and this again.
for (const database of [env.DB, env.ARCHIVE_0, env.ARCHIVE_1]) {
  await applyD1Migrations(database, env.TEST_MIGRATIONS);
}
