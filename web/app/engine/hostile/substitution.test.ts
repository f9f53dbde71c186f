import { describe, expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import type { Assertion } from "../../../../workers/protocol/http/sessions.ts";
import { accountIdText, deviceIdText } from "../../../../workers/protocol/ids.ts";
import { decodeAccountSeals } from "../../../../workers/protocol/manifest.ts";
import { newDevice } from "../../../core/account/device.ts";
import { type Pin, headOf, pinOf } from "../../../core/account/history.ts";
import { newAccount } from "../../../core/account/manifest.ts";
import { formatRecoveryCode } from "../../../core/crypto/recovery-code.ts";
import { type UnlockEntry, prfUnlockKey } from "../../../core/crypto/unlock.ts";
import {
  NOW,
  type Person,
  changed,
  codeOf,
  flipped,
  newPerson,
  seededSuite,
} from "../../../core/people.test-kit.ts";
import { privateKeys } from "../../../core/private-state/keys.ts";
import { sealPrivateRecord } from "../../../core/private-state/records.ts";
import { AccountServer, type ShownAccount } from "../account-server.test-kit.ts";
import { IDENTITY_KEY } from "../account/identity.ts";
import { createSignIn } from "../entrance/sign-in.ts";
import { identityRecord } from "../store/records.ts";

const suite = seededSuite("substitution");
const output = suite.random.bytes(32);
const prf = prfUnlockKey(output);
const one = await newPerson(suite, prf);
const two = await changed(suite, one, { addDevice: newDevice(suite.random) });

const shown = ({ account, chain, prepared }: Person): ShownAccount => ({
  account,
  chain,
  seals: prepared.seals,
});

/** What the server makes: an account of its own whose secrets are sealed to the victim's public unlock key. */
async function fake(unlock: UnlockEntry): Promise<ShownAccount & { seed: Uint8Array }> {
  const accountSeed = suite.random.bytes(32);
  const recoverySecret = suite.random.bytes(16);
  const made = await newAccount(suite, {
    accountSeed,
    recoverySecret,
    prfUnlock: unlock,
    now: NOW,
  });
  const { account, prepared } = made;
  return { account, chain: [prepared.signed], seals: prepared.seals, seed: accountSeed };
}

const assertionOf = (account: Uint8Array): Assertion => ({
  id: "AAAA",
  rawId: "AAAA",
  type: "public-key",
  response: {
    clientDataJSON: "AAAA",
    authenticatorData: "AAAA",
    signature: "AAAA",
    userHandle: accountIdText(account),
  },
});

/** A sign-in of the true person at this server. */
function signIn(server: AccountServer) {
  const deps = server.device();
  const { withCode, withPasskey } = createSignIn(deps);
  return {
    withCode: () => withCode(formatRecoveryCode(one.recoverySecret)),
    withPasskey: () => withPasskey(assertionOf(one.account), output),
    /** whether anything was signed, or any identity kept */
    async acted() {
      return (
        server.puts > 0 || (await deps.store.read("state", IDENTITY_KEY, identityRecord)) !== null
      );
    },
  };
}

/** What the server sees of the true account's methods: the proof in the manifest, the key in the seals. */
const [code, passkey] = headOf(one.history).core.unlocks.map(({ proof }, i) => ({
  proof,
  kemPub: decodeAccountSeals(one.prepared.seals).unlocks[i]!.kemPub,
}));
if (!code || !passkey) throw new RangeError("unlock methods");

describe("an account of the server's making", () => {
  test("K4 the true account opens, by code and by passkey, and gets this device (positive control)", async () => {
    for (const way of ["withCode", "withPasskey"] as const) {
      const server = new AccountServer(shown(one));
      const signedIn = await signIn(server)[way]();
      expect(signedIn?.identity.account).toEqual(one.account);
      expect([server.puts, server.shows.chain.length]).toEqual([1, 2]);
      expect([...server.seen.keys()]).toEqual([
        deviceIdText(signedIn?.identity.device.id ?? new Uint8Array()),
      ]);
    }
  });

  test("K4 sealed to the code's public key it is refused before anything is signed", async () => {
    for (const proof of [code.proof, passkey.proof, suite.random.bytes(64)]) {
      const server = new AccountServer(await fake({ kemPub: code.kemPub, proof }));
      const device = signIn(server);
      expect(await codeOf(device.withCode)).toBe("account_substituted");
      expect(await device.acted()).toBe(false);
    }
  });

  test("K4 sealed to the passkey's public key it is refused, though the session is said to be the true one's", async () => {
    const forged = await fake({ kemPub: passkey.kemPub, proof: passkey.proof });
    const server = new AccountServer(forged);
    const device = signIn(server);
    expect(await codeOf(device.withPasskey)).toBe("account_substituted");
    // The session names the true account; what comes with it is the other one.
    server.lies.passkeySession = () => ({
      account: accountIdText(one.account),
      role: "patient",
      device: null,
      expiresAt: NOW,
    });
    expect(await codeOf(device.withPasskey)).toBe("manifest_refused");
    expect(await device.acted()).toBe(false);
  });

  test("K4 by passkey, the session's account is the passkey's: no code is asked for another one", async () => {
    const server = new AccountServer(shown(await newPerson(suite)));
    const deps = server.device();
    const act = () => createSignIn(deps).withPasskey(assertionOf(one.account), null);
    expect(await codeOf(act)).toBe("account_substituted");
    const own = createSignIn(new AccountServer(shown(one)).device());
    expect(await own.withPasskey(assertionOf(one.account), null)).toBeNull();
  });

  test("K4 with the true account's own proof, a true chain and foreign seals it is refused", async () => {
    const forged = await fake({ kemPub: code.kemPub, proof: code.proof });
    const device = signIn(new AccountServer({ ...shown(one), seals: forged.seals }));
    expect(await codeOf(device.withCode)).toBe("seals_refused");
    expect(await device.acted()).toBe(false);
  });
});

test("K5 a server's own key in the place of a device's or a method's is found before anything is sealed to it", async () => {
  const seals = decodeAccountSeals(two.prepared.seals);
  const { kemPub } = decodeAccountSeals((await newPerson(suite)).prepared.seals).devices[0]!;
  const shows = (change: Partial<typeof seals>) =>
    new AccountServer({ ...shown(two), seals: encodeCbor({ ...seals, ...change }) });
  for (const server of [
    shows({ devices: seals.devices.map((it, i) => (i === 1 ? { ...it, kemPub } : it)) }),
    shows({ unlocks: seals.unlocks.map((it, i) => (i === 1 ? { ...it, kemPub } : it)) }),
    shows({ devices: [...seals.devices, { ...seals.devices[0]!, kemPub }] }),
  ]) {
    const device = signIn(server);
    expect(await codeOf(device.withCode)).toBe("seals_refused");
    expect(await device.acted()).toBe(false);
  }
  expect(await codeOf(signIn(shows({})).withCode)).toBe("none");
});

describe("an old state of the own account", () => {
  /** What another device of the account wrote into private state. */
  function pinAt(server: AccountServer, pin: Pin): void {
    const keys = privateKeys(one.account, one.prepared.userKeys);
    const { name, version, value } = sealPrivateRecord(
      suite.random,
      keys,
      { kind: "pin", ...pin },
      0,
    );
    server.records.set(toBase64url(name), { version, value: toBase64url(value) });
  }

  test("K6 below the own pin nothing is signed", async () => {
    const server = new AccountServer(shown(one));
    pinAt(server, pinOf(two.history));
    const device = signIn(server);
    expect(await codeOf(device.withCode)).toBe("manifest_lower");
    expect(await codeOf(device.withPasskey)).toBe("manifest_lower");
    expect(await device.acted()).toBe(false);
  });

  test("K6 another manifest of the pinned version is a fork, and nothing is signed", async () => {
    const server = new AccountServer(shown(two));
    const pin = pinOf(two.history);
    pinAt(server, { ...pin, hash: flipped(pin.hash) });
    const device = signIn(server);
    expect(await codeOf(device.withCode)).toBe("manifest_forked");
    expect(await device.acted()).toBe(false);
  });

  test("K6 at the own pin, and above it, this device is added (positive control)", async () => {
    for (const pin of [pinOf(one.history), pinOf(two.history)]) {
      const server = new AccountServer(shown(two));
      pinAt(server, pin);
      await signIn(server).withCode();
      expect(server.shows.chain.length).toBe(3);
    }
  });

  test("K6 a pin record that does not open prevents no sign-in", async () => {
    const server = new AccountServer(shown(two));
    pinAt(server, pinOf(two.history));
    for (const [key, { version }] of server.records) {
      server.records.set(key, { version, value: toBase64url(suite.random.bytes(80)) });
    }
    const signedIn = await signIn(server).withCode();
    expect(signedIn.identity.account).toEqual(one.account);
  });
});
