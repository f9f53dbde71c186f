import { expect, test } from "vitest";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { deviceIdText } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import type { ManifestCore } from "../../../../workers/protocol/manifest.ts";
import { headOf } from "../../../core/account/history.ts";
import { kemKeyOf } from "../../../core/crypto/kem.ts";
import { formatRecoveryCode } from "../../../core/crypto/recovery-code.ts";
import { openSeal, seal } from "../../../core/crypto/seal.ts";
import { NOW, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { createSignIn } from "../entrance/sign-in.ts";
import { createDirectory } from "./directory.ts";
import { type Identity, identityRecordOf, restoreIdentity } from "./identity.ts";
import { leaveAccount } from "./leave.ts";
import { ownStanding } from "./own-manifest.ts";

const DAY = 24 * 60 * 60 * 1000;
const whole = process.env["THYME_CYCLES"] === "whole";
const CYCLES = whole ? 200 : 20;

const suite = seededSuite("cycles");
const person = await newPerson(suite);
const code = formatRecoveryCode(person.recoverySecret);
const noPins = { pinOf: () => null, pinned: () => undefined };

/** A device that stays, beside those that come and go; it looks whenever the Inbox tells of a manifest. */
async function livePhone(server: AccountServer) {
  const deps = server.device();
  const directory = createDirectory(deps, noPins);
  await directory.adopt(person.account, person.chain);
  const about = { role: "patient" as const, name: "", bound: true };
  const record = identityRecordOf(person.account, person.device, person.prepared.userKeys, about);
  let me: Identity = restoreIdentity(suite, record);
  return {
    deps,
    directory,
    me: () => me,
    async told() {
      const now = await ownStanding(deps, me, directory);
      if (now.standing === "renewed") me = { ...me, userKeys: now.userKeys };
      server.seen.set(deviceIdText(me.device.id), server.now);
      return now.standing;
    },
  };
}

async function signIn(server: AccountServer) {
  const deps = server.device();
  const signedIn = await createSignIn(deps).withCode(code);
  const directory = createDirectory(deps, noPins);
  await directory.adopt(person.account, signedIn.chain);
  return { deps, directory, ...signedIn };
}

/** What a peer seals to the account as its newest manifest stands. */
function sealedTo({ account, version, generation, userKey }: ManifestCore) {
  const key = suite.random.bytes(32);
  const context = [account, version, account, generation] as const;
  const sealed = seal(suite.random, userKey, "seal/epoch", context, key);
  return (me: Identity): boolean => {
    const secret = me.userKeys[generation - 1];
    return (
      secret !== undefined &&
      equalBytes(openSeal(kemKeyOf(secret), "seal/epoch", context, sealed), key)
    );
  };
}

test(
  `K3 ${CYCLES} times signing out and in beside a live phone leave everything working`,
  async () => {
    const server = new AccountServer({
      account: person.account,
      chain: person.chain,
      seals: person.prepared.seals,
    });
    server.now = NOW;
    const phone = await livePhone(server);
    const written: ReturnType<typeof sealedTo>[] = [];
    let largest = 0;
    for (let i = 0; i < CYCLES; i++) {
      server.now += DAY;
      const browser = await signIn(server);
      expect(browser.madeRoom).toBe(false);
      expect(await phone.told()).not.toBe("gone");
      const { core } = headOf((await phone.directory.load(person.account))!);
      // The phone and the browser of the day before: it departs with the manifest of the next day.
      expect(core.devices.length).toBe(2);
      written.push(sealedTo(core));
      // The newest each time, and now and then all: each of them every time would be most of the work.
      const looked = i % 20 === 19 ? written : written.slice(-1);
      expect(looked.map((open) => open(phone.me()))).not.toContain(false);
      expect(looked.map((open) => open(browser.identity))).not.toContain(false);
      largest = Math.max(
        largest,
        server.shows.chain.at(-1)!.core.length + server.shows.seals.length,
      );
      await leaveAccount(browser.deps, browser.deps.api, browser.identity, browser.directory);
      expect(await ownStanding(browser.deps, browser.identity, browser.directory)).toEqual({
        standing: "unchanged",
      });
    }
    const { core } = headOf((await phone.directory.load(person.account))!);
    expect(core.version).toBe(CYCLES + 1);
    // One generation for each week in which somebody departed, not one for each sign-in.
    expect(core.generation).toBeLessThanOrEqual(1 + Math.ceil(CYCLES / 7));
    expect(core.generation).toBeGreaterThan(1);
    expect(core.gone.every(({ how }) => how === "departed")).toBe(true);
    expect((core.folded?.count ?? 0) + core.gone.length).toBe(CYCLES - 1);
    expect(largest).toBeLessThan(24 * 1024);
  },
  whole ? 1_800_000 : 60_000,
);

test("K3 a phone that is revoked finds out at its next look", async () => {
  const server = new AccountServer({
    account: person.account,
    chain: person.chain,
    seals: person.prepared.seals,
  });
  const phone = await livePhone(server);
  for (let i = 1; i < LIMITS.devices; i++) {
    server.now += DAY;
    expect((await signIn(server)).madeRoom).toBe(false);
  }
  expect(await phone.told()).toBe("unchanged");
  // The phone is now the one that was seen last; the first browser makes room.
  server.now += DAY;
  const next = await signIn(server);
  expect(next.madeRoom).toBe(true);
  expect(await phone.told()).toBe("renewed");
  for (let i = 1; i < LIMITS.devices; i++) {
    server.now += DAY;
    await signIn(server);
  }
  expect(await phone.told()).toBe("gone");
});

test("K3 a server can make nobody depart: a farewell that another device signed counts for nothing", async () => {
  const server = new AccountServer({
    account: person.account,
    chain: person.chain,
    seals: person.prepared.seals,
  });
  const phone = await livePhone(server);
  const browser = await signIn(server);
  const other = { ...phone.me(), signer: browser.identity.signer };
  await leaveAccount(phone.deps, phone.deps.api, other, phone.directory);
  expect(server.farewells.size).toBe(1);
  await signIn(server);
  expect(await phone.told()).toBe("unchanged");
  // The true one's own counts (positive control).
  server.farewells.clear();
  await leaveAccount(phone.deps, phone.deps.api, phone.me(), phone.directory);
  await signIn(server);
  expect(await phone.told()).toBe("gone");
});
