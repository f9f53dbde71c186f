import { randomBytes } from "node:crypto";
import type { CreateAccount } from "../../workers/protocol/http/accounts.ts";
import { claimBytes, deviceSessionBytes } from "../../workers/protocol/invitation.ts";
import { fromBase64url, toBase64url } from "../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../workers/protocol/cbor.ts";
import {
  type TestAccount,
  makeAccount,
  signWith,
} from "../../workers/protocol/manifest.test-kit.ts";
import { recoveryAuthHash } from "../../workers/protocol/recovery.ts";
import {
  type TestAuthor,
  type TestBundle,
  authorOf,
  createBundle,
  makeInvite,
} from "../../workers/protocol/bundle.test-kit.ts";

/** Somebody with a bound session on a real server, who needs no browser. */
export interface BenchPerson {
  readonly author: TestAuthor;
  readonly cookie: string;
  post(path: string, body: unknown): Promise<Response>;
}

/** An account without a passkey, by this right. */
async function join(
  origin: URL,
  claimOf: (account: TestAccount) => CreateAccount["claim"],
): Promise<BenchPerson> {
  const account = makeAccount();
  const author = authorOf(account);
  let cookie = "";
  const post = async (path: string, body: unknown): Promise<Response> => {
    const response = await fetch(new URL(path, origin), {
      method: "POST",
      headers: { origin: origin.origin, cookie, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const set = response.headers.get("set-cookie");
    if (set) cookie = set.split(";")[0] ?? "";
    return response;
  };
  const must = async (path: string, body: unknown): Promise<unknown> => {
    const response = await post(path, body);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  await must("/api/accounts", {
    claim: claimOf(account),
    passkey: null,
    manifestCbor: toBase64url(account.manifestCbor),
    sealsCbor: toBase64url(account.sealsCbor),
    recovery: {
      id: toBase64url(randomBytes(16)),
      authHash: toBase64url(recoveryAuthHash(randomBytes(32))),
    },
    publicName: "Bench",
    consent: { notice: "2026-11" },
  });
  const asked = await must("/api/challenges", { purpose: "device" });
  const challenge = String(new Map(Object.entries(asked ?? {})).get("challenge"));
  const signed = deviceSessionBytes(account.id, fromBase64url(challenge));
  await must("/api/session/device", {
    account: toBase64url(account.id),
    device: toBase64url(author.device.id),
    challenge,
    signature: toBase64url(signWith(author.device.seed, "sign-device-session", signed)),
  });
  return { author, cookie, post };
}

/** The first administrator invites a practitioner, who may have conversations. */
export async function practitioner(origin: URL, setupToken: string): Promise<BenchPerson> {
  const administrator = await join(origin, () => ({ kind: "setup", token: setupToken }));
  const invite = makeInvite(Date.now() + 1_000_000);
  const signPub = toBase64url(invite.entry.signPub);
  const body = { signPub, expiresAt: invite.entry.expiry };
  const response = await administrator.post("/api/invitations", body);
  if (!response.ok) throw new Error(`invitation: ${await response.text()}`);
  return join(origin, ({ id }) => ({
    kind: "invitation",
    invite: toBase64url(invite.id),
    signature: toBase64url(signWith(invite.seed, "sign-claim", claimBytes(invite.id, id))),
  }));
}

/** A conversation of one. */
export async function newConversation({ author, post }: BenchPerson): Promise<TestBundle> {
  const genesis = createBundle(author, [], (core) => ({ ...core, time: Date.now() }));
  const bundleCbor = toBase64url(encodeCbor(genesis.upload));
  const response = await post("/api/conversations", { bundleCbor });
  if (!response.ok) throw new Error(`conversation: ${await response.text()}`);
  return genesis;
}
