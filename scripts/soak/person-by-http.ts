import { randomBytes } from "node:crypto";
import { fromBase64url, toBase64url } from "../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../workers/protocol/cbor.ts";
import {
  type TestAuthor,
  type TestBundle,
  authorOf,
  createBundle,
  makeInvite,
} from "../../workers/protocol/bundle.test-kit.ts";
import type { CreateAccount } from "../../workers/protocol/http/accounts.ts";
import { claimBytes, deviceSessionBytes } from "../../workers/protocol/invitation.ts";
import {
  type TestAccount,
  makeAccount,
  signWith,
} from "../../workers/protocol/manifest.test-kit.ts";
import { recoveryAuthHash } from "../../workers/protocol/recovery.ts";

/** Somebody with a bound session and keys that are known here. */
export interface Attacker {
  readonly author: TestAuthor;
  readonly cookie: string;
  readonly genesis: TestBundle;
  /** what was asked on the way here, by path: requests that were good once */
  readonly bodies: ReadonlyMap<string, unknown>;
}

const bodies = new Map<string, unknown>();

/** Throws for what is refused. */
async function post(origin: string, cookie: string, path: string, body: unknown) {
  bodies.set(path, body);
  const answer = await fetch(new URL(path, origin), {
    method: "POST",
    headers: { origin, cookie, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${text}`);
  return { text, cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? cookie };
}

async function join(
  origin: string,
  claimOf: (account: TestAccount) => CreateAccount["claim"],
): Promise<Pick<Attacker, "author" | "cookie">> {
  const account = makeAccount();
  const author = authorOf(account);
  const made = await post(origin, "", "/api/accounts", {
    claim: claimOf(account),
    passkey: null,
    manifestCbor: toBase64url(account.manifestCbor),
    sealsCbor: toBase64url(account.sealsCbor),
    recovery: {
      id: toBase64url(randomBytes(16)),
      authHash: toBase64url(recoveryAuthHash(randomBytes(32))),
    },
    publicName: "Soak",
    consent: { notice: "2026-11" },
  });
  const asked = await post(origin, made.cookie, "/api/challenges", { purpose: "device" });
  const { challenge } = JSON.parse(asked.text) as { readonly challenge: string };
  const signed = deviceSessionBytes(account.id, fromBase64url(challenge));
  const bound = await post(origin, made.cookie, "/api/session/device", {
    account: toBase64url(account.id),
    device: toBase64url(author.device.id),
    challenge,
    signature: toBase64url(signWith(author.device.seed, "sign-device-session", signed)),
  });
  return { author, cookie: bound.cookie };
}

/** A practitioner with a conversation, invited by an administrator whom this pass makes. */
export async function attacker(origin: string, pass: string): Promise<Attacker> {
  const administrator = await join(origin, () => ({ kind: "setup", token: pass }));
  const invite = makeInvite(Date.now() + 1_000_000);
  await post(origin, administrator.cookie, "/api/invitations", {
    signPub: toBase64url(invite.entry.signPub),
    expiresAt: invite.entry.expiry,
  });
  const person = await join(origin, ({ id }) => ({
    kind: "invitation",
    invite: toBase64url(invite.id),
    signature: toBase64url(signWith(invite.seed, "sign-claim", claimBytes(invite.id, id))),
  }));
  const genesis = createBundle(person.author, [], (core) => ({ ...core, time: Date.now() }));
  const bundleCbor = toBase64url(encodeCbor(genesis.upload));
  await post(origin, person.cookie, "/api/conversations", { bundleCbor });
  return { ...person, genesis, bodies };
}
