import { database } from "../db/database.ts";
import type { Handler, Routes } from "../http/route.ts";
import { equalBytes, fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { decodeSignedFarewell, farewellOf } from "../protocol/farewell.ts";
import { idBytes } from "../protocol/ids.ts";
import { endSessions, settleEndedSessions } from "./ended-sessions.ts";
import { insertFarewell } from "./farewell-store.ts";
import { newestManifest } from "./manifest-store.ts";
import { clearSessionCookie } from "./session-cookie.ts";
import { ofDevices } from "./session-store.ts";
import { webCryptoVerifier } from "./web-crypto-verifier.ts";

/** K3: a device signs out. Its farewell is kept and its sessions end, in one batch. */
const farewell: Handler<"farewell"> = async ({
  env,
  caller,
  body,
  now,
  request,
  headers,
  defer,
}) => {
  const db = database(env.DB);
  const { account, device } = caller;
  const manifest = device && (await newestManifest(db, account));
  if (!device || !manifest) throw new ProtocolError("device_required");
  const signed = decodeSignedFarewell(fromBase64url(body.farewell));
  const said = await farewellOf(webCryptoVerifier, manifest.core, signed);
  // Nobody says goodbye for another device.
  if (!said || !equalBytes(said.device, idBytes(device))) throw new ProtocolError("bad_request");
  await db.batch([
    insertFarewell(db, account, device, body.farewell),
    ...endSessions(db, ofDevices(account, [device]), now),
  ]);
  defer(settleEndedSessions(env, account));
  clearSessionCookie(request, headers);
  return {};
};

export const farewellRoutes = { farewell } satisfies Routes;
