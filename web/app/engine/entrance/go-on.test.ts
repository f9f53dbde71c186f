import { expect, test } from "vitest";
import { accountIdText, deviceIdText } from "../../../../workers/protocol/ids.ts";
import { decodeManifestCore, decodeSignedManifest } from "../../../../workers/protocol/manifest.ts";
import { findDevice } from "../../../../workers/protocol/manifest-rules.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { CreateAccount } from "../../../../workers/protocol/http/accounts.ts";
import { formatRecoveryCode } from "../../../core/crypto/recovery-code.ts";
import { NOW, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import type { Api } from "../../../platform/http.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { createDirectory } from "../account/directory.ts";
import { IDENTITY_KEY, keepIdentity } from "../account/identity.ts";
import { PREPARED_KEY, preparedRecord } from "../account/prepared-manifest.ts";
import type { Deps } from "../store/deps.ts";
import { identityRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { goOn } from "./go-on.ts";
import { createOnboarding } from "./onboarding.ts";
import { type SignedIn, createSignIn } from "./sign-in.ts";

const suite = seededSuite("going on");
const person = await newPerson(suite);
const code = formatRecoveryCode(person.recoverySecret);

class Crash extends Error {}

/** Ends this page at one of its steps, a request or a write, before it is done or after; nothing it does later counts. */
function crashing({ api, store, ...deps }: Deps, at: number, when: "before" | "after") {
  let steps = 0;
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    steps += 1;
    if (steps > at || (steps === at && when === "before")) throw new Crash();
    const done = await act();
    if (steps === at) throw new Crash();
    return done;
  };
  const crashingApi = {
    call: (...args: Parameters<Api["call"]>) => step(() => api.call(...args)),
  } as unknown as Api;
  const crashingStore: Store = {
    ...store,
    write: (stores, work) => step(() => store.write(stores, work)),
  };
  return {
    deps: { ...deps, api: crashingApi, store: crashingStore } as Deps,
    steps: () => steps,
  };
}

/** What an engine does with whoever came in (A1): pins the chain, then keeps the identity and clears what was prepared. */
async function enter(deps: Deps, { identity, chain }: Pick<SignedIn, "identity" | "chain">) {
  const pins = { pinOf: () => null, pinned: () => undefined };
  await createDirectory(deps, pins).adopt(identity.account, chain);
  await keepIdentity(deps.store, identity);
}

const identityIn = ({ store }: Deps) => store.read("state", IDENTITY_KEY, identityRecord);
const preparedIn = ({ store }: Deps) => store.read("state", PREPARED_KEY, preparedRecord);

/** The next start: what an engine does before it works. Resolves with whether this device goes on. */
async function restart(deps: Deps): Promise<boolean> {
  const record = await identityIn(deps);
  if (!record) return false;
  if (record.bound) return true;
  const come = await goOn(deps, record);
  if (come) await enter(deps, come);
  return come !== null;
}

/** Whether device and manifests are where they belong: pinned, bound, live at the server, and nothing left over. */
async function isWhole(deps: Deps, server: AccountServer): Promise<boolean> {
  const record = await identityIn(deps);
  const core = decodeManifestCore(server.shows.chain.at(-1)!.core);
  const pins = { pinOf: () => null, pinned: () => undefined };
  const pinned = record && (await createDirectory(deps, pins).load(record.account));
  return (
    record?.bound === true &&
    (await preparedIn(deps)) === null &&
    findDevice(core, record.device) !== undefined &&
    server.seen.has(deviceIdText(record.device)) &&
    pinned?.manifests.length === server.shows.chain.length
  );
}

function begun() {
  const { account, chain, prepared } = person;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  server.now = NOW;
  // As the Worker: only a device that is live gets a session.
  server.lies.deviceSession = ({ body }) => {
    const { device } = body as { device: string };
    const core = decodeManifestCore(server.shows.chain.at(-1)!.core);
    if (!findDevice(core, fromBase64url(device))) throw new ProtocolError("unauthenticated");
    server.seen.set(device, server.now);
    return { account: accountIdText(account), role: "patient", device, expiresAt: NOW };
  };
  return { server, deps: server.device() };
}

test("A1 wherever a sign-in crashes, the next start goes on with the one device, or drops it and the next gesture makes one", async () => {
  let last = Number.POSITIVE_INFINITY;
  const outcomes = new Set<string>();
  for (let at = 1; at <= last; at++) {
    for (const when of ["before", "after"] as const) {
      const { server, deps } = begun();
      const page = crashing(deps, at, when);
      const crashed = await createSignIn(page.deps)
        .withCode(code)
        .then((signedIn) => enter(page.deps, signedIn))
        .then(
          () => false,
          (error: unknown) => error instanceof Crash,
        );
      if (!crashed) last = Math.min(last, page.steps());
      const hadKeys = (await identityIn(deps)) !== null;
      const arrived = server.shows.chain.length === 2;
      const goesOn = await restart(deps);
      outcomes.add(`${hadKeys ? "keys" : "no keys"}, ${arrived ? "put" : "not put"}: ${goesOn}`);
      // Only a manifest that arrived makes a device; none that arrived is lost, for its keys were kept before.
      expect(goesOn, `step ${at}, ${when}`).toBe(arrived);
      if (!goesOn) {
        expect([await identityIn(deps), await preparedIn(deps)]).toEqual([null, null]);
        await enter(deps, await createSignIn(deps).withCode(code));
      }
      expect(await isWhole(deps, server), `step ${at}, ${when}`).toBe(true);
      expect([server.puts, server.shows.chain.length]).toEqual([1, 2]);
    }
  }
  expect([...outcomes].toSorted()).toEqual([
    "keys, not put: false",
    "keys, put: true",
    "no keys, not put: false",
  ]);
});

test("A1 wherever the making of an account crashes, the next start goes on with it where it was made, else drops it", async () => {
  let last = Number.POSITIVE_INFINITY;
  const outcomes = new Set<string>();
  for (let at = 1; at <= last; at++) {
    for (const when of ["before", "after"] as const) {
      const { server, deps } = begun();
      let made = false;
      server.lies.setup = () => ({ needed: true });
      server.lies.createAccount = ({ body }) => {
        const { manifestCbor, sealsCbor } = body as CreateAccount;
        const signed = decodeSignedManifest(fromBase64url(manifestCbor));
        const { account } = decodeManifestCore(signed.core);
        server.shows = { account, chain: [signed], seals: fromBase64url(sealsCbor) };
        made = true;
        return {};
      };
      const page = crashing(deps, at, when);
      const onboarding = createOnboarding(page.deps);
      const finish = async () => {
        await onboarding.open("https://thyme.test/setup#token", null);
        await onboarding.prepare({ name: "Ana", notice: "2026-11", passkey: false });
        const { identity, account } = await onboarding.finish();
        await enter(page.deps, { identity, chain: [account.prepared.signed] });
      };
      const crashed = await finish().then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      if (!crashed) last = Math.min(last, page.steps());
      const goesOn = await restart(deps);
      outcomes.add(`${made ? "made" : "not made"}: ${goesOn}`);
      expect(goesOn, `step ${at}, ${when}`).toBe(made);
      if (goesOn) expect(await isWhole(deps, server), `step ${at}, ${when}`).toBe(true);
      else expect([await identityIn(deps), await preparedIn(deps)]).toEqual([null, null]);
      expect(goesOn ? (await identityIn(deps))?.name : "Ana").toBe("Ana");
    }
  }
  expect([...outcomes].toSorted()).toEqual(["made: true", "not made: false"]);
});

test("A1 a start that crashes while it goes on is followed by one that does", async () => {
  let last = Number.POSITIVE_INFINITY;
  for (let at = 1; at <= last; at++) {
    for (const when of ["before", "after"] as const) {
      const { server, deps } = begun();
      await createSignIn(deps).withCode(code);
      const page = crashing(deps, at, when);
      const crashed = await restart(page.deps).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      if (!crashed) last = Math.min(last, page.steps());
      expect(await restart(deps), `step ${at}, ${when}`).toBe(true);
      expect(await isWhole(deps, server), `step ${at}, ${when}`).toBe(true);
      expect([server.puts, server.shows.chain.length]).toEqual([1, 2]);
    }
  }
  expect(last).toBeGreaterThan(4);
});

test("A1 what is prepared is kept exactly as it is put, and cleared when it is pinned", async () => {
  const { server, deps } = begun();
  let kept: Awaited<ReturnType<typeof preparedIn>> = null;
  const honest = server.api();
  server.lies.putAccount = async (request) => {
    kept = await preparedIn(deps);
    delete server.lies.putAccount;
    return honest.call("putAccount", request as never);
  };
  const signedIn = await createSignIn(deps).withCode(code);
  expect(kept).toEqual({ signed: server.shows.chain[1], seals: server.shows.seals });
  expect(await preparedIn(deps)).toEqual(kept);
  await enter(deps, signedIn);
  expect(await preparedIn(deps)).toBeNull();
});

test("A1 keys beside which nothing prepared can be read are dropped: nobody can say that they are the account's", async () => {
  const { deps } = begun();
  await createSignIn(deps).withCode(code);
  await deps.store.write(["state"], (writer) => writer.delete("state", PREPARED_KEY));
  expect(await restart(deps)).toBe(false);
  expect(await identityIn(deps)).toBeNull();
});
