import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

// With `isolate: false` every file shares one storage: a file that needs an empty one calls `reset()` and this again.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
await applyD1Migrations(env.ARCHIVE_1, env.TEST_MIGRATIONS);
