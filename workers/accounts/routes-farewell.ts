import { type Database, database } from "../db/database.ts";
import { inTime } from "../db/in-time.ts";
import type { Call, Handler, Routes } from "../http/route.ts";
import { equalBytes, fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { decodeSignedFarewell, farewellOf } from "../protocol/farewell.ts";
import { idBytes } from "../protocol/ids.ts";
import { endSessions, ofDevices, settleEndedSessions } from "./ended-sessions.ts";
import { insertFarewell } from "./farewell-store.ts";
import { newestManifest } from "./manifest-store.ts";
import { clearSessionCookie } from "./session-cookie.ts";
import { webCryptoVerifier } from "./web-crypto-verifier.ts";

/** K3: a farewell is kept and its device's sessions end, in one batch. */
async function keepFarewell(db: Database, { caller, body, now }: Call<"farewell">): Promise<void> {
  const { account, device } = caller;
  const manifest = await newestManifest(db, account);
  if (!manifest) throw new ProtocolError("device_required");
  const signed = decodeSignedFarewell(fromBase64url(body.farewell));
  const said = await farewellOf(webCryptoVerifier, manifest.core, signed);
  // Nobody says goodbye for another device.
  if (!said || !equalBytes(said.device, idBytes(device))) throw new ProtocolError("bad_request");
  await db.batch([
    insertFarewell(db, account, device, body.farewell),
    ...endSessions(db, ofDevices(account, [device]), now),
  ]);
}

/** K3: a device signs out. While D1 is away it is told so soon, and asks for the end of its session (K12). */
const farewell: Handler<"farewell"> = async (call) => {
  const { env, caller, defer } = call;
  await inTime(keepFarewell(database(env.DB), call));
  defer(settleEndedSessions(env, caller.account));
  clearSessionCookie(call);
  return {};
};

export const farewellRoutes = { farewell } satisfies Routes;
