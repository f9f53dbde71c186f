import { expect, test } from "vitest";
import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { kemKey } from "../../../core/crypto/kem.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { CoreError } from "../../../core/errors.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import type { Api } from "../../../platform/http.ts";
import type { Deps } from "../store/deps.ts";
import { loadPrivateRecords } from "./private-records.ts";

let fill = 0;
const random = { bytes: (length: number) => new Uint8Array(length).fill(++fill) };
const keys = privateKeys(new Uint8Array(32).fill(1), [kemKey(new Uint8Array(32).fill(2))]);

interface Row {
  readonly version: number;
  readonly value: string;
}

/** A server with one account's records, and a device's store beside it. */
function scene() {
  const server = new Map<string, Row>();
  const stored = new Map<string, number>();
  const held: (() => void)[] = [];
  let isHeld = false;
  const call = async (
    name: string,
    request: { params?: { key: string }; body?: { version: number; value: string } } = {},
  ) => {
    const key = request.params?.key ?? "";
    if (name === "putPrivate" && request.body) {
      server.set(key, { version: request.body.version + 1, value: request.body.value });
      return { version: request.body.version + 1 };
    }
    const records = [...server].map(([id, row]) => ({ key: id, ...row }));
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
    return { records, next: null };
  };
  const store = {
    readAll: () => Promise.resolve([]),
    write: (_stores: unknown, work: (writer: unknown) => Promise<unknown>) =>
      work({
        get: (_store: string, name: string) => {
          const version = stored.get(name);
          return Promise.resolve(version === undefined ? null : { version });
        },
        put: (_store: string, name: string, row: { version: number }) => {
          stored.set(name, row.version);
          return Promise.resolve();
        },
      }),
  };
  const deps: Deps = {
    // Only what private records ask of them is there.
    api: { call } as unknown as Api,
    store: store as unknown as Deps["store"],
    suite: { random, ed25519: nobleEd25519 },
    now: () => 0,
  };
  const hold = () => {
    isHeld = true;
    return () => held.splice(0).forEach((go) => go());
  };
  return { deps, server, stored, hold };
}

const profile = (name: string) => ({ kind: "profile" as const, name });

test("K9: an answer that was under way while this device wrote is no rollback", async () => {
  const { deps, hold, stored } = scene();
  const records = await loadPrivateRecords(deps, keys);
  await records.put(profile("Ana"));
  const release = hold();
  const syncing = records.sync();
  await records.put(profile("Ana Morales"));
  release();
  await syncing;
  expect(records.find("profile", () => true)?.name).toBe("Ana Morales");
  expect([...stored.values()]).toEqual([2]);
});

test("K9: a server that shows less than this device saw is refused, and nothing of it is stored", async () => {
  const { deps, server, stored } = scene();
  const records = await loadPrivateRecords(deps, keys);
  await records.put(profile("Ana"));
  const [[key, first] = ["", { version: 0, value: "" }]] = [...server];
  await records.put(profile("Ana Morales"));
  server.set(key, first);
  await expect(records.sync()).rejects.toThrow(CoreError);
  expect(stored.get(key)).toBe(2);
});

test("E5: one record that does not open hides no other", async () => {
  const { deps, server } = scene();
  const writer = await loadPrivateRecords(deps, keys);
  await writer.put(profile("Ana"));
  server.set(toBase64url(new Uint8Array(32)), { version: 1, value: toBase64url(random.bytes(80)) });
  const reader = await loadPrivateRecords(deps, keys);
  await reader.sync();
  expect(reader.find("profile", () => true)?.name).toBe("Ana");
  expect(fromBase64url([...server.keys()][0] ?? "")).toHaveLength(32);
});
