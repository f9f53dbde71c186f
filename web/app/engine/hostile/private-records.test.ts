import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { kemKey } from "../../../core/crypto/kem.ts";
import { type PrivateKeys, privateKeys } from "../../../core/private-state/keys.ts";
import { type PrivateRecord, sealPrivateRecord } from "../../../core/private-state/records.ts";
import type { Api } from "../../../platform/http.ts";
import { loadPrivateRecords } from "../private/private-records.ts";
import type { Deps } from "../store/deps.ts";

let fill = 0;
const random = { bytes: (length: number) => new Uint8Array(length).fill(++fill) };
const bytes = (value: number) => new Uint8Array(32).fill(value);
const seeds = [kemKey(bytes(2)), kemKey(bytes(3))];
const account = bytes(1);
const older = privateKeys(account, seeds.slice(0, 1));
const newer = privateKeys(account, seeds);

interface Row {
  readonly version: number;
  readonly value: string;
}
type Request = { params?: { key: string }; body?: { version: number; value: string } };

/** A server that shows whatever it is told to, and what a device keeps between its starts. */
function scene() {
  const server = new Map<string, Row>();
  const stored = new Map<string, { version: number; value: Uint8Array }>();
  const call = (name: string, { params, body }: Request = {}) => {
    const key = params?.key ?? "";
    const held = server.get(key);
    if (name === "privatePage") {
      return Promise.resolve({
        records: [...server].map(([id, row]) => ({ key: id, ...row })),
        next: null,
      });
    }
    if (name === "privateRecord") {
      return held
        ? Promise.resolve({ key, ...held })
        : Promise.reject(new ProtocolError("not_found"));
    }
    if (!body || (held?.version ?? 0) !== body.version) {
      return Promise.reject(new ProtocolError("stale_version"));
    }
    server.set(key, { version: body.version + 1, value: body.value });
    return Promise.resolve({ version: body.version + 1 });
  };
  const store = {
    readAll: () => Promise.resolve([...stored].map(([key, value]) => ({ key, value }))),
    write: (_: unknown, work: (writer: unknown) => Promise<unknown>) =>
      work({
        get: (_store: string, name: string) => Promise.resolve(stored.get(name) ?? null),
        put: (_store: string, name: string, _schema: unknown, row: never) =>
          Promise.resolve(void stored.set(name, row)),
      }),
  };
  const deps: Deps = {
    // Only what private records ask of them is there.
    api: { call } as unknown as Api,
    store: store as unknown as Deps["store"],
    suite: { random, ed25519: nobleEd25519 },
    now: () => 0,
  };
  const start = (keys: PrivateKeys = older) => loadPrivateRecords(deps, keys);
  /** As another device of the account wrote it. */
  const write = (record: PrivateRecord, replaces: number, keys: PrivateKeys = older): string => {
    const sealed = sealPrivateRecord(random, keys, record, replaces);
    const key = toBase64url(sealed.name);
    server.set(key, { version: sealed.version, value: toBase64url(sealed.value) });
    return key;
  };
  return { server, stored, start, write };
}

const profile = (name: string) => ({ kind: "profile", name }) as const;
const draft = { kind: "draft", conversation: bytes(7), text: "half", at: 5 } as const;
const pin = { kind: "pin", account: bytes(8), version: 4, hash: bytes(9) } as const;
const GARBAGE = toBase64url(new Uint8Array(300).fill(5));
const nameIn = (records: Awaited<ReturnType<ReturnType<typeof scene>["start"]>>) =>
  records.find("profile", () => true)?.name;

test("K9 a page of garbage at the highest version moves nothing, and what follows it is taken", async () => {
  const { server, stored, start, write } = scene();
  const key = write(profile("Ana"), 0);
  const records = await start();
  await records.sync();
  const honest = server.get(key)!;
  server.set(key, { version: Number.MAX_SAFE_INTEGER, value: GARBAGE });
  const draftKey = write(draft, 0);
  expect(await records.sync()).toBe(1);
  expect(nameIn(records)).toBe("Ana");
  expect(records.holds(key, 2)).toBe(false);
  expect(records.find("draft", () => true)?.text).toBe("half");
  expect([...stored.keys()].sort()).toEqual([key, draftKey].sort());
  expect(stored.get(key)?.version).toBe(1);
  // An honest server again: the record is written, here and after a restart.
  server.set(key, honest);
  await records.put(profile("Ana Morales"));
  const again = await start();
  await again.sync();
  expect(nameIn(again)).toBe("Ana Morales");
});

test("K9 garbage in what another start stored hides nothing, and its version does not count", async () => {
  const { stored, start, write } = scene();
  const key = write(profile("Ana"), 0);
  stored.set(key, { version: Number.MAX_SAFE_INTEGER, value: new Uint8Array(300) });
  const records = await start();
  await records.sync();
  expect(nameIn(records)).toBe("Ana");
  await records.put(profile("Ana Morales"));
  expect(nameIn(records)).toBe("Ana Morales");
});

test("K9 an older version than the one held is refused, and hides no other", async () => {
  const { server, start, write } = scene();
  const key = write(profile("first"), 0);
  const first = server.get(key)!;
  write(profile("second"), 1);
  const records = await start();
  await records.sync();
  server.set(key, first);
  write(draft, 0);
  expect(await records.sync()).toBe(1);
  expect(await records.syncSome([key])).toBe(1);
  expect(nameIn(records)).toBe("second");
  expect(records.find("draft", () => true)?.text).toBe("half");
});

test("K9 what does not open is written over, unless its version would leave none for what comes", async () => {
  for (const [version, outcome] of [
    [9, "written"],
    [Number.MAX_SAFE_INTEGER - 1, "stale_version"],
  ] as const) {
    const { server, start, write } = scene();
    const key = write(profile("Ana"), 0);
    const records = await start();
    await records.sync();
    server.set(key, { version, value: GARBAGE });
    const result = await records.put(profile("Ana Morales")).then(
      () => "written",
      (error: unknown) => (error instanceof ProtocolError ? error.code : error),
    );
    expect(result).toBe(outcome);
    expect(nameIn(records)).toBe(outcome === "written" ? "Ana Morales" : "Ana");
  }
});

test("K9 a record of an older generation never replaces a newer one, in whichever order they come", async () => {
  for (const isNewerFirst of [true, false]) {
    const { start, write } = scene();
    const writes = [
      () => write(profile("newer"), 0, newer),
      () => write(profile("older"), 40, older),
    ];
    const records = await start(newer);
    for (const one of isNewerFirst ? writes : writes.toReversed()) {
      one();
      await records.sync();
    }
    expect(nameIn(records)).toBe("newer");
    expect(records.all()).toEqual([profile("newer")]);
  }
});

test("K9 whoever begins a generation writes all records anew; an older pin alone is a hint", async () => {
  const { server, start, write } = scene();
  for (const record of [profile("Ana"), draft, pin]) write(record, 0);
  const records = await start(newer);
  await records.sync();
  expect(records.pinOf(pin.account)).toBeNull();
  expect(nameIn(records)).toBe("Ana");
  await records.renew();
  await records.renew();
  expect(server.size).toBe(5);
  // The old ones are gone, and a device of the new generation alone lacks nothing but the hint.
  const alone = scene();
  for (const [key, row] of [...server].slice(3)) alone.server.set(key, row);
  const after = await alone.start(newer);
  await after.sync();
  expect(
    after
      .all()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(["draft", "profile"]);
  // A pin of the current generation counts (control).
  alone.write(pin, 0, newer);
  await after.sync();
  expect(after.pinOf(pin.account)?.version).toBe(4);
});

test("K9 a device without the new user key neither reads nor replaces what is written under it", async () => {
  const { server, start, write } = scene();
  const key = write(profile("newer"), 0, newer);
  const before = server.get(key);
  const records = await start(older);
  expect(await records.sync()).toBe(1);
  await records.put(profile("older"));
  expect(server.get(key)).toEqual(before);
  const current = await start(newer);
  await current.sync();
  expect(nameIn(current)).toBe("newer");
});

test("K9 writing anew gives way to what another device of the new generation wrote meanwhile", async () => {
  const { server, start, write } = scene();
  write(profile("older"), 0);
  const records = await start(newer);
  await records.sync();
  const key = write(profile("newer"), 0, newer);
  await records.renew();
  expect(server.get(key)?.version).toBe(1);
  expect(nameIn(records)).toBe("newer");
});
