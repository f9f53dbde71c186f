import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { deviceIdText } from "../../../../workers/protocol/ids.ts";
import { signDeviceSession } from "../../../core/account/device-session.ts";
import type { Api } from "../../../platform/http.ts";
import type { Identity } from "./identity.ts";

/**
 * K12: binds the session to this device, or renews an ended one, by the device's signature over a challenge.
 * Throws ProtocolError `unauthenticated` when the device is no longer live.
 */
export async function bindSession(api: Api, identity: Identity): Promise<void> {
  const { challenge } = await api.call("challenge", { body: { purpose: "device" } });
  const signature = await signDeviceSession(
    identity.signer,
    identity.account,
    fromBase64url(challenge),
  );
  await api.call("deviceSession", {
    body: {
      account: identity.id,
      device: deviceIdText(identity.device.id),
      challenge,
      signature: toBase64url(signature),
    },
  });
}

const needsSession = (error: unknown): boolean =>
  error instanceof ProtocolError &&
  (error.code === "unauthenticated" || error.code === "device_required");

/** The API with a session that renews itself; `ended` is told when this device may not renew any more. */
export function renewingApi(
  api: Api,
  identity: () => Identity | null,
  ended: () => void,
): Api & { renew(): Promise<void> } {
  let renewal: Promise<void> | null = null;
  const renew = (): Promise<void> => {
    const who = identity();
    if (!who) return Promise.reject(new ProtocolError("unauthenticated"));
    // Many requests may find the session ended at once; one renewal serves them all.
    renewal ??= bindSession(api, who)
      .catch((error: unknown) => {
        if (needsSession(error)) ended();
        throw error;
      })
      .finally(() => {
        renewal = null;
      });
    return renewal;
  };
  return {
    renew,
    async call(name, request) {
      try {
        return await api.call(name, request);
      } catch (error) {
        if (!needsSession(error) || !identity()) throw error;
        await renew();
        return api.call(name, request);
      }
    },
  };
}
