import type { BundleDelivery, BundleUpload } from "../../workers/protocol/bundle.ts";
import { decodeBundleCore } from "../../workers/protocol/bundle.ts";
import { equalBytes, toBase64url, u64 } from "../../workers/protocol/bytes.ts";
import { type SignedManifest, decodeAccountSeals } from "../../workers/protocol/manifest.ts";
import type { VerifiedManifest } from "../../workers/protocol/manifest-rules.ts";
import { nobleVerifier } from "../../workers/protocol/signing.ts";
import type { DeviceKeys } from "./account/device.ts";
import { type ManifestHistory, headOf } from "./account/history.ts";
import {
  type ManifestChange,
  type PreparedManifest,
  accountIdOfSeed,
  newAccount,
  nextManifest,
} from "./account/manifest.ts";
import type { Unlocked } from "./account/seals.ts";
import type { Author } from "./conversation/build.ts";
import type { Reader } from "./conversation/reader.ts";
import type { BundleContext } from "./conversation/verify.ts";
import { type Signer, nobleEd25519 } from "./crypto/ed25519.ts";
import { type Random, sha256, utf8ToBytes } from "./crypto/primitives.ts";
import type { Suite } from "./crypto/suite.ts";
import { type UnlockKey, unlockEntry } from "./crypto/unlock.ts";
import { CoreError } from "./errors.ts";

/** A reproducible stream: SHA-256 of the seed and a counter. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  const prefix = utf8ToBytes(seed);
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        const block = sha256(Uint8Array.from([...prefix, ...u64(counter++)]));
        out.set(block.subarray(0, length - at), at);
      }
      return out;
    },
  };
}

/** noble, with verification spared for what these tests do not look at when `WebCrypto` is absent. */
export const seededSuite = (seed: string): Suite => ({
  random: seededRandom(seed),
  ed25519: nobleEd25519,
});

export const NOW = 1_790_000_000_000;

/** An account with its devices as a test holds it: all secrets in one place. */
export interface Person {
  readonly accountSeed: Uint8Array;
  readonly recoverySecret: Uint8Array;
  readonly account: Uint8Array;
  readonly device: DeviceKeys;
  readonly signer: Signer;
  readonly prepared: PreparedManifest;
  readonly chain: readonly SignedManifest[];
  readonly history: ManifestHistory;
}

export async function newPerson(suite: Suite, prf: UnlockKey | null = null): Promise<Person> {
  const accountSeed = suite.random.bytes(32);
  const recoverySecret = suite.random.bytes(16);
  const prfUnlock = prf && unlockEntry(prf, accountIdOfSeed(accountSeed));
  const made = await newAccount(suite, { accountSeed, recoverySecret, prfUnlock, now: NOW });
  const { account, device, prepared } = made;
  return {
    accountSeed,
    recoverySecret,
    account,
    device,
    signer: await suite.ed25519.signer(device.signSeed),
    prepared,
    chain: [prepared.signed],
    history: { account, manifests: [prepared.verified] },
  };
}

/** What an unlock method of the person opens. */
export const unlockedOf = ({ accountSeed, prepared }: Person): Unlocked => ({
  accountSeed,
  userKeys: prepared.userKeys,
  recipients: decodeAccountSeals(prepared.seals),
});

/** The person after one more act on the account. */
export async function changed(
  suite: Suite,
  person: Person,
  change: ManifestChange,
): Promise<Person> {
  const next = await nextManifest(suite, headOf(person.history), unlockedOf(person), change, NOW);
  return {
    ...person,
    prepared: next,
    chain: [...person.chain, next.signed],
    history: {
      account: person.account,
      manifests: [...person.history.manifests, next.verified],
    },
  };
}

export const authorOf = (person: Person): Author => ({
  device: person.device.id,
  signer: person.signer,
  manifest: headOf(person.history),
});

export const readerOf = (person: Person): Reader => ({
  kind: "account",
  account: person.account,
  userKeys: person.prepared.userKeys,
});

/** A context that holds these people's histories. */
export function contextOf(self: Person | null, ...people: readonly Person[]): BundleContext {
  const all = new Map([...people, ...(self ? [self] : [])].map((p) => [toBase64url(p.account), p]));
  return {
    verifier: nobleVerifier,
    historyOf: (account) => all.get(toBase64url(account))?.history,
    self: self?.account ?? null,
  };
}

export const newestOf =
  (...people: readonly Person[]) =>
  (account: Uint8Array): VerifiedManifest | undefined => {
    const person = people.find((p) => equalBytes(p.account, account));
    return person && headOf(person.history);
  };

/** What an honest server delivers of an upload to these recipients (accounts or inviteIds). */
export function deliver(
  upload: BundleUpload,
  ...recipients: readonly Uint8Array[]
): BundleDelivery {
  const core = decodeBundleCore(upload.core);
  const mine = (recipient: Uint8Array) => recipients.some((r) => equalBytes(r, recipient));
  return {
    core: upload.core,
    signature: upload.signature,
    inviteSignature: upload.inviteSignature,
    seals: core.seals.flatMap(({ recipient, generation }, i) => {
      const seal = upload.seals[i];
      return seal && mine(recipient) ? [{ recipient, generation, seal }] : [];
    }),
    grants: core.grants.flatMap(({ recipient, generation, from, to }, i) => {
      const seal = upload.grants[i];
      return seal && mine(recipient) ? [{ recipient, generation, from, to, seal }] : [];
    }),
    share: upload.share,
  };
}

/** The same bytes with one bit of one of them changed. */
export function flipped(bytes: Uint8Array, at = 0): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[at] = (out[at] ?? 0) ^ 1;
  return out;
}

/** The code of the CoreError that `act` throws; "none" when it throws nothing. */
export async function codeOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return "none";
  } catch (error) {
    return error instanceof CoreError ? error.code : String(error);
  }
}
