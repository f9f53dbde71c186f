import { sql } from "drizzle-orm";
import { accountSeals, accounts, consents, manifests, passkeys } from "../db/accounts.schema.ts";
import { isConstraintError } from "../db/constraint.ts";
import { type Database, database } from "../db/database.ts";
import { settingsOf } from "../env.ts";
import { ownOrigin, relyingParty } from "../http/origin.ts";
import type { Call, Handler, Routes } from "../http/route.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { CreateAccount } from "../protocol/http/accounts.ts";
import type { AccountRole } from "../protocol/http/endpoint.ts";
import { type AccountId, accountIdText } from "../protocol/ids.ts";
import type { VerifiedManifest } from "../protocol/manifest-rules.ts";
import { consumePass } from "./operator-pass.ts";
import { admitManifest } from "./admit-manifest.ts";
import { issueChallenge } from "./passkeys/challenge-store.ts";
import { type Right, refusalOfRace, rightOf } from "./creation-claim.ts";
import { endCallersSession } from "./end-session.ts";
import { countCreation } from "./invitation-store.ts";
import { parkPasskey, parkedPasskey, takeParked } from "./passkeys/parked-passkeys.ts";
import { type Credential, type Site, verifyRegistration } from "./passkeys/passkey.ts";
import { setSessionCookie } from "./session-cookie.ts";
import { insertSession } from "./session-store.ts";

export const siteOf = ({ env, request }: Pick<Call<"challenge">, "env" | "request">): Site => {
  const settings = settingsOf(env);
  return { origin: ownOrigin(request, settings), rpId: relyingParty(request, settings) };
};

/** N3: the server knows practitioners and administrators by a public name, patients by none. */
function checkPublicName(role: AccountRole, publicName: string | null): void {
  if ((role === "patient") !== (publicName === null)) {
    throw new ProtocolError("bad_request", "public name");
  }
}

interface Creation {
  readonly account: AccountId;
  readonly body: CreateAccount;
  readonly manifest: VerifiedManifest;
  readonly right: Right;
  readonly credential: Credential | null;
}

/** Every row of a new account. Only the first looks at the right; without its row the others' references fail. */
function statements(db: Database, creation: Creation, now: number) {
  const { account, body, manifest, right, credential } = creation;
  const { publicName, recovery, consent } = body;
  const insertAccount = db.insert(accounts).select(
    sql`select ${account}, ${right.role}, ${publicName}, ${now}, ${recovery.id}, ${recovery.authHash}
        where ${right.condition}`,
  );
  const insertManifest = db.insert(manifests).values({
    account,
    version: manifest.core.version,
    manifestCbor: body.manifestCbor,
    hash: toBase64url(manifest.hash),
    createdAt: now,
  });
  const insertSeals = db
    .insert(accountSeals)
    .values({ account, version: manifest.core.version, sealsCbor: body.sealsCbor });
  const insertConsent = db.insert(consents).values({ account, notice: consent.notice, at: now });
  const passkey = credential && [
    db.insert(passkeys).values({
      credential: credential.id,
      account,
      publicKey: toBase64url(credential.publicKey),
      counter: credential.counter,
      createdAt: now,
      lastUsedAt: now,
    }),
    takeParked(db, credential.id),
  ];
  const creationCount = right.invite && [countCreation(db, right.invite, account)];
  const pass = right.passHash && [consumePass(db, right.passHash)];
  const rest = [...(passkey ?? []), ...(creationCount ?? []), ...(pass || [])];
  return [insertAccount, insertManifest, insertSeals, insertConsent, ...rest] as const;
}

const createAccount: Handler<"createAccount"> = async (call) => {
  const { env, body, now } = call;
  const db = database(env.DB);
  const manifest = await admitManifest(body, null, now);
  const account = accountIdText(manifest.core.account);
  const right = await rightOf(db, body.claim, account, settingsOf(env), now);
  checkPublicName(right.role, body.publicName);
  const credential = body.passkey && (await parkedPasskey(db, account, body.passkey, now));
  const creation = { account, body, manifest, right, credential };
  const { session, statement } = insertSession(db, account, now);
  try {
    await db.batch([...statements(db, creation, now), statement]);
  } catch (error) {
    if (!isConstraintError(error)) throw error;
    throw await refusalOfRace(db, body.claim, now);
  }
  await endCallersSession(call);
  setSessionCookie(call, account, session.token);
  return { account, role: right.role, device: null, expiresAt: session.expiresAt };
};

/** K10: only who could make the account may park, and only what a browser attests for this site. */
const park: Handler<"parkPasskey"> = async (call) => {
  const { env, body, now } = call;
  const db = database(env.DB);
  const account = accountIdText(fromBase64url(body.account));
  await rightOf(db, body.claim, account, settingsOf(env), now);
  const site = siteOf(call);
  const credential = await verifyRegistration(db, body.passkey, site, now);
  const secret = fromBase64url(body.secret);
  await parkPasskey(db, { account, claim: body.claim, credential, secret }, now);
  return { rpId: site.rpId };
};

export const creationRoutes = {
  challenge: async (call) => {
    const challenge = await issueChallenge(database(call.env.DB), call.body.purpose, call.now);
    return { challenge: toBase64url(challenge), rpId: siteOf(call).rpId };
  },
  parkPasskey: park,
  createAccount,
} satisfies Routes;
