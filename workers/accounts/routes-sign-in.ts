import { eq } from "drizzle-orm";
import { accounts, passkeys } from "../db/accounts.schema.ts";
import { database } from "../db/database.ts";
import { settingsOf } from "../env.ts";
import type { Call, Handler, Routes } from "../http/route.ts";
import { equalBytes, fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { AccountRole } from "../protocol/http/endpoint.ts";
import type { SessionView } from "../protocol/http/sessions.ts";
import {
  type AccountId,
  type DeviceId,
  idBytes,
  parseAccountId,
  parseDeviceId,
} from "../protocol/ids.ts";
import { deviceSessionBytes } from "../protocol/invitation.ts";
import { findDevice } from "../protocol/manifest-rules.ts";
import { recoveryAuthHash } from "../protocol/recovery.ts";
import { verifySigned } from "../protocol/signing.ts";
import { consumeChallenge } from "./passkeys/challenge-store.ts";
import { inboxObject } from "../objects/objects.ts";
import { endCallersSession } from "./end-session.ts";
import { settleEndedSessions } from "./ended-sessions.ts";
import { saidFarewell } from "./farewell-store.ts";
import { newestManifest } from "./manifest-store.ts";
import { verifyAssertion } from "./passkeys/passkey.ts";
import { siteOf } from "./routes-creation.ts";
import { setSessionCookie } from "./session-cookie.ts";
import {
  type Binding,
  type Started,
  bindSession,
  hashOfToken,
  startBoundSession,
  startSession,
} from "./session-store.ts";
import { webCryptoVerifier } from "./web-crypto-verifier.ts";

/** A fresh, unbound session in place of the one the browser may have had (K12). */
async function signIn(
  call: Call<"passkeySession"> | Call<"recoverySession">,
  account: AccountId,
  role: AccountRole,
): Promise<SessionView> {
  const { env, now, defer } = call;
  const { budgets } = settingsOf(env);
  const { session, hasEndedOthers } = await startSession(database(env.DB), account, budgets, now);
  if (hasEndedOthers) defer(settleEndedSessions(env, account));
  await endCallersSession(call);
  setSessionCookie(call, account, session.token);
  return { account, role, device: null, expiresAt: session.expiresAt };
}

const passkeySession: Handler<"passkeySession"> = async (call) => {
  const { env, body, now } = call;
  const db = database(env.DB);
  const row = await db
    .select({ passkey: passkeys, role: accounts.role })
    .from(passkeys)
    .innerJoin(accounts, eq(accounts.id, passkeys.account))
    .where(eq(passkeys.credential, body.passkey.id))
    .get();
  if (!row) throw new ProtocolError("passkey_unknown");
  const { credential, account, publicKey, counter } = row.passkey;
  // K10: the handle is the accountId; another one is a credential that is not what it says.
  if (body.passkey.response.userHandle !== account) throw new ProtocolError("passkey_refused");
  const known = { id: credential, publicKey: fromBase64url(publicKey), counter };
  const newCounter = await verifyAssertion(db, body.passkey, known, siteOf(call), now);
  await db
    .update(passkeys)
    .set({ counter: newCounter, lastUsedAt: now })
    .where(eq(passkeys.credential, credential));
  return signIn(call, parseAccountId(account), row.role);
};

const NOBODY = toBase64url(new Uint8Array(32));

const recoverySession: Handler<"recoverySession"> = async (call) => {
  const { env, body } = call;
  const row = await database(env.DB)
    .select({ id: accounts.id, role: accounts.role, hash: accounts.recoveryHash })
    .from(accounts)
    .where(eq(accounts.recoveryId, body.id))
    .get();
  // An unknown id does the same work and gets the same answer (E5, K11).
  const expected = fromBase64url(row?.hash ?? NOBODY);
  const isGenuine = equalBytes(recoveryAuthHash(fromBase64url(body.auth)), expected);
  if (!row || !isGenuine) throw new ProtocolError("recovery_refused");
  return signIn(call, parseAccountId(row.id), row.role);
};

/** K12: the device must be live in the newest manifest, and the manifest still the newest when the row is written. */
async function bind(
  call: Call<"deviceSession">,
  account: AccountId,
  device: DeviceId,
): Promise<Started> {
  const { env, body, caller, now } = call;
  const db = database(env.DB);
  const { budgets } = settingsOf(env);
  const manifest = await newestManifest(db, account);
  const live = manifest && findDevice(manifest.core, idBytes(device));
  const isGenuine =
    live !== undefined &&
    live !== null &&
    (await verifySigned(
      webCryptoVerifier,
      "sign-device-session",
      live.signPub,
      deviceSessionBytes(idBytes(account), fromBase64url(body.challenge)),
      fromBase64url(body.signature),
    ));
  // One answer for an unknown account, a device that is revoked or said goodbye, and a bad signature.
  // K3: who said goodbye is not let in again, by nothing that was kept of it.
  if (!manifest || !isGenuine || (await saidFarewell(db, account, device)))
    throw new ProtocolError("unauthenticated");
  const binding: Binding = { account, device, manifestVersion: manifest.core.version };
  if (caller?.account === account) {
    const renewed = await bindSession(db, caller.session, binding, budgets, now);
    if (renewed) return renewed;
  }
  const started = await startBoundSession(db, binding, budgets, now);
  if (!started) throw new ProtocolError("challenge_refused", "the manifest changed meanwhile");
  if (caller && caller.account !== account) await endCallersSession(call);
  return started;
}

async function roleOf(env: Cloudflare.Env, account: AccountId): Promise<AccountRole> {
  const row = await database(env.DB)
    .select({ role: accounts.role })
    .from(accounts)
    .where(eq(accounts.id, account))
    .get();
  if (!row) throw new ProtocolError("unauthenticated");
  return row.role;
}

const ignore = (): void => undefined;

const deviceSession: Handler<"deviceSession"> = async (call) => {
  const { env, body, now, defer } = call;
  const challenge = fromBase64url(body.challenge);
  if (!(await consumeChallenge(database(env.DB), "device", challenge, now))) {
    throw new ProtocolError("challenge_refused");
  }
  const account = parseAccountId(body.account);
  const device = parseDeviceId(body.device);
  const { session, hasEndedOthers } = await bind(call, account, device);
  if (hasEndedOthers) defer(settleEndedSessions(env, account));
  setSessionCookie(call, account, session.token);
  const role = await roleOf(env, account);
  const { id, token, expiresAt } = session;
  const copy = { session: id, hash: hashOfToken(token), device, role, expiresAt };
  // What this misses the session's next socket brings (K12).
  defer(inboxObject(env, account).keepSession(copy).catch(ignore));
  return { account, role, device, expiresAt };
};

export const signInRoutes = { passkeySession, recoverySession, deviceSession } satisfies Routes;
