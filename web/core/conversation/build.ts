import { inviteOf } from "../../../workers/protocol/bundle-entries.ts";
import { type CheckedBundle, checkBundle } from "../../../workers/protocol/bundle-rules.ts";
import {
  type BundleCore,
  type BundleUpload,
  type Change,
  type PendingEntry,
  keyCommitOf,
  sealHash,
  shareCommitOf,
} from "../../../workers/protocol/bundle.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import type { VerifiedManifest } from "../../../workers/protocol/manifest-rules.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import type { Signer } from "../crypto/ed25519.ts";
import { seal } from "../crypto/seal.ts";
import type { Suite } from "../crypto/suite.ts";
import type { InviteKeys } from "../invitation/keys.ts";
import { type Conversation, type Epoch, epochSecretOf, headBundle } from "./state.ts";

/** A2: exact bytes, epoch key and share; stored before sending. Only these bytes are ever resent. */
export interface BuiltBundle {
  readonly upload: BundleUpload;
  readonly checked: CheckedBundle;
  readonly epoch: Epoch;
}

/** Who builds: this device, by the newest verified manifest of its account. */
export interface Author {
  readonly device: Uint8Array;
  readonly signer: Signer;
  readonly manifest: VerifiedManifest;
}

/** A row of the table of C4, worked out. */
export interface Plan {
  readonly change: Change;
  readonly roster: readonly {
    readonly manifest: VerifiedManifest;
    readonly role: "owner" | "member";
  }[];
  readonly pending: readonly PendingEntry[];
  /** who gets the earlier epoch keys */
  readonly grantee: Recipient | null;
}

export interface Recipient {
  readonly recipient: Uint8Array;
  readonly generation: number;
  readonly kemPub: Uint8Array;
}

/** K3: conversation keys go to the account's user key of the current generation. */
export const accountRecipient = ({ core }: VerifiedManifest): Recipient => ({
  recipient: core.account,
  generation: core.generation,
  kemPub: core.userKey,
});

export const pendingRecipient = (entry: PendingEntry): Recipient => ({
  recipient: inviteOf(entry),
  generation: 0,
  kemPub: entry.kemPub,
});

/** Contiguous runs of earlier epochs whose keys are held. */
function runsOf(epochs: ReadonlyMap<number, Epoch>, below: number) {
  const runs: { from: number; to: number; keys: Uint8Array[] }[] = [];
  for (let n = 0; n < below; n++) {
    const key = epochs.get(n)?.key;
    const last = runs.at(-1);
    if (key && last && last.to === n - 1) {
      last.to = n;
      last.keys.push(key);
    } else if (key) runs.push({ from: n, to: n, keys: [key] });
  }
  return runs;
}

function joined(keys: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(32 * keys.length);
  keys.forEach((key, i) => out.set(key, 32 * i));
  return out;
}

/** C2: makes keys, seals, grants, core and signatures of one plan. Throws ProtocolError `bundle_refused`. */
export async function build(
  suite: Suite,
  author: Author,
  conversation: Uint8Array,
  state: Conversation | null,
  plan: Plan,
  now: number,
  invite: InviteKeys | null,
): Promise<BuiltBundle> {
  const { random } = suite;
  const before = state ? headBundle(state) : null;
  const n = before ? before.core.n + 1 : 0;
  const key = random.bytes(32);
  const share = random.bytes(32);
  const recipients = [
    ...plan.roster.map(({ manifest }) => accountRecipient(manifest)),
    ...plan.pending.map(pendingRecipient),
  ];
  const seals = recipients.map(({ recipient, generation, kemPub }) =>
    seal(random, kemPub, "seal/epoch", [conversation, n, recipient, generation], key),
  );
  const { grantee } = plan;
  const grants = (grantee && state ? runsOf(state.epochs, n) : []).flatMap((run) => {
    if (!grantee) return [];
    const { recipient, generation, kemPub } = grantee;
    const { from, to } = run;
    const context = [conversation, from, to, recipient, generation] as const;
    const sealed = seal(random, kemPub, "seal/grant", context, joined(run.keys));
    return [{ named: { recipient, generation, from, to, hash: sealHash(sealed) }, sealed }];
  });
  const core: BundleCore = {
    v: PROTOCOL_VERSION,
    conversation,
    n,
    prev: before?.hash ?? null,
    change: plan.change,
    roster: plan.roster.map(({ manifest, role }) => ({
      account: manifest.core.account,
      role,
      manifest: { version: manifest.core.version, hash: manifest.hash },
    })),
    pending: [...plan.pending],
    keyCommit: keyCommitOf(conversation, n, key),
    shareCommit: shareCommitOf(conversation, n, share),
    seals: recipients.map(({ recipient, generation }, i) => ({
      recipient,
      generation,
      hash: sealHash(seals[i] ?? new Uint8Array()),
    })),
    grants: grants.map(({ named }) => named),
    author: {
      account: author.manifest.core.account,
      device: author.device,
      manifestVersion: author.manifest.core.version,
    },
    // T1: no core is older than the one it follows.
    time: Math.max(now, before?.core.time ?? 0),
  };
  const bytes = encodeCbor(core);
  const checked = checkBundle(bytes, before);
  const inviteSigner = invite && (await suite.ed25519.signer(invite.signSeed));
  const upload: BundleUpload = {
    core: bytes,
    signature: await author.signer.sign("sign-bundle", bytes),
    inviteSignature: inviteSigner && (await inviteSigner.sign("sign-bundle", bytes)),
    seals,
    grants: grants.map(({ sealed }) => sealed),
    share,
  };
  const secret = epochSecretOf(conversation, n, key, share);
  return { upload, checked, epoch: { key, share, secret } };
}
