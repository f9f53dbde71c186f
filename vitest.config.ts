import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import preact from "@preact/preset-vite";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArgs, findChromium } from "./scripts/machine/chromium.mjs";
import { emoji } from "./scripts/build/emoji.mjs";

const ignored = ["**/node_modules/**", "dist/**", ".wrangler/**", ".cache/**"];
const chromium = findChromium();

/** Pure JavaScript key generation takes seconds where two cores are shared; a limit only has to end what hangs. */
const slowMachine = 60_000;

/** A state that is waited for comes at once, or as late as the machine is slow. */
const patience = { poll: { timeout: 20_000 } };

/** The first journey of a file also waits for its server, its browser and people who know each other. */
const wholeJourney = 300_000;

/** Secrets of the Worker under test: none of them is used anywhere else. */
const testBindings = {
  SETUP_TOKEN: "test-setup-token-AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  SESSION_KEY: "test-session-key-AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

export default defineConfig({
  test: {
    reporters: process.env["THYME_REPORTER"] ? ["./scripts/test/reporter.mjs"] : ["default"],
    projects: [
      {
        test: {
          name: "node",
          environment: "node",
          // A hundred small files that share most of what they import: one thread that loads it once takes a third of the
          // processor time. A file leaves nothing behind that the next one could see.
          pool: "threads",
          isolate: false,
          testTimeout: slowMachine,
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...ignored, "**/*.workerd.test.ts", "**/*.browser.test.{ts,tsx}", "web/e2e/**"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            main: "./workers/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // A second shard, which no conversation is given by itself.
              d1Databases: { ARCHIVE_1: "archive-1" },
              bindings: {
                ...testBindings,
                ARCHIVE_NEW: "0",
                TEST_MIGRATIONS: await readD1Migrations("./migrations"),
              },
            },
          })),
        ],
        test: {
          name: "workers",
          testTimeout: slowMachine,
          hookTimeout: slowMachine,
          include: ["**/*.workerd.test.ts"],
          exclude: ignored,
          setupFiles: ["./scripts/test/workers-setup.ts"],
          expect: patience,
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [preact({ prefreshEnabled: false, devToolsEnabled: false }), emoji()],
        // Checkouts may share their packages; one that prepares these must not take them from under another's run.
        cacheDir: ".cache/vite",
        optimizeDeps: {
          include: [
            "@noble/ciphers/aes.js",
            "@noble/ciphers/chacha.js",
            "@noble/curves/ed25519.js",
            "@noble/hashes/hkdf.js",
            "@noble/hashes/hmac.js",
            "@noble/hashes/sha2.js",
            "@noble/post-quantum/hybrid.js",
            "@preact/signals",
            "@simplewebauthn/browser",
            "cborg",
            "fast-check",
            "idb",
            "preact",
            "preact/compat",
            "preact/hooks",
            "preact/jsx-dev-runtime",
            "preact/jsx-runtime",
            "preact-iso",
            "thumbhash",
            "uqr",
            "uuid",
            "virtua",
            "zod/mini",
          ],
        },
        test: {
          name: "browser",
          testTimeout: slowMachine,
          expect: patience,
          include: ["**/*.browser.test.{ts,tsx}"],
          exclude: ignored,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: chromiumArgs,
                ...(chromium === undefined ? {} : { executablePath: chromium }),
              },
            }),
            instances: [{ browser: "chromium" }],
          },
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["web/e2e/*.test.ts"],
          globalSetup: ["./web/e2e/harness/global-setup.ts"],
          setupFiles: ["./web/e2e/harness/every-journey.ts"],
          fileParallelism: false,
          testTimeout: wholeJourney,
          hookTimeout: wholeJourney,
          expect: patience,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "engines",
          environment: "node",
          include: ["web/e2e/engines/*.test.ts"],
          globalSetup: ["./web/e2e/harness/global-setup.ts"],
          setupFiles: ["./web/e2e/harness/every-journey.ts"],
          fileParallelism: false,
          testTimeout: 2 * wholeJourney,
          hookTimeout: wholeJourney,
          expect: patience,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
