import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { DEFAULT_PREFERENCES, type Preferences } from "../../../core/private-state/preferences.ts";
import type { PrivateRecord } from "../../../core/private-state/records.ts";
import { PlatformError } from "../../../platform/problem.ts";
import type { Deps } from "../store/deps.ts";
import { closeStores, forgetDevice, openStore, random } from "../store/local-store.test-kit.ts";
import { type PreferencesKeeper, loadPreferences } from "./preferences.ts";
import type { PrivateRecords } from "./private-records.ts";

type Kept = Extract<PrivateRecord, { kind: "preferences" }>;

/** The account's private state, as its devices share it. */
let server: Kept | null = null;
let online = true;
let keeper: PreferencesKeeper;

const privateRecords: Pick<PrivateRecords, "find" | "put"> = {
  find: (kind) => (kind === "preferences" ? (server as never) : null),
  async put(source) {
    if (!online) throw new PlatformError("offline");
    const record = typeof source === "function" ? await source() : source;
    if (record?.kind === "preferences") server = record;
  },
};

/** A start of the app: nothing but what the database holds. */
async function start(changed: () => void = () => undefined): Promise<PreferencesKeeper> {
  closeStores();
  const { store } = await openStore();
  const deps: Deps = {
    store,
    suite: { random, ed25519: nobleEd25519 },
    now: () => 1_000,
    api: { call: () => Promise.reject(new PlatformError("offline")) },
  };
  keeper = await loadPreferences(deps, privateRecords, changed);
  return keeper;
}

const kept = (): Preferences | null => {
  if (!server) return null;
  const { kind: _, ...values } = server;
  return values;
};

beforeEach(async () => {
  server = null;
  online = true;
});

afterEach(async () => {
  keeper.close();
  await forgetDevice();
});

test("K9 everything is on until somebody switches it off, and nothing is written for that", async () => {
  const it = await start();
  await it.sync();
  expect(it.current()).toEqual(DEFAULT_PREFERENCES);
  expect(server).toBeNull();
});

test("K9 a switch holds at once, offline and through a restart, and goes out with the next connection", async () => {
  online = false;
  const before = await start();
  await before.set({ typing: false });
  expect(before.current().typing).toBe(false);
  before.close();
  const after = await start();
  expect(after.current()).toEqual({ receipts: true, typing: false, presence: true });
  online = true;
  await after.sync();
  await expect.poll(() => kept()).toEqual({ receipts: true, typing: false, presence: true });
});

test("K9 two devices switch different things: both stay", async () => {
  const it = await start();
  online = false;
  await it.set({ typing: false });
  server = { kind: "preferences", receipts: false, typing: true, presence: true };
  online = true;
  await it.sync();
  expect(it.current()).toEqual({ receipts: false, typing: false, presence: true });
  await expect.poll(() => kept()).toEqual(it.current());
});

test("what another device switched is taken and told", async () => {
  const changed = vi.fn<() => void>();
  const it = await start(changed);
  server = { kind: "preferences", receipts: true, typing: true, presence: false };
  await it.sync();
  expect(it.current().presence).toBe(false);
  expect(changed).toHaveBeenCalledWith("here");
});

test("what was switched again while it was on its way stays as it was switched last", async () => {
  const it = await start();
  await Promise.all([it.set({ receipts: false }), it.set({ receipts: true })]);
  await expect.poll(() => kept()?.receipts).toBe(true);
  await it.sync();
  expect(it.current().receipts).toBe(true);
});
