import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { findDevice } from "../../../../workers/protocol/manifest-rules.ts";
import { headOf } from "../../../core/account/history.ts";
import { type UserKeys, openDeviceSeal } from "../../../core/account/seals.ts";
import { kemKeyOf } from "../../../core/crypto/kem.ts";
import type { Deps } from "../store/deps.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";

/** What the newest manifest of the own account means for this device (K3). */
export type Standing =
  | { readonly standing: "unchanged" }
  /** a generation began: these are the user keys of all */
  | { readonly standing: "renewed"; readonly userKeys: UserKeys }
  /** this device is live no more: it stops */
  | { readonly standing: "gone" };

const TRIES = 5;

/**
 * K3: fetches what is newer of the own account, verified and pinned, and opens this device's seal where a generation
 * began. Throws CoreError `manifest_refused`, `manifest_forked`, `manifest_lower`, `seals_refused`, `open_failed`.
 */
export async function ownStanding(
  deps: Pick<Deps, "api">,
  me: Identity,
  directory: Directory,
): Promise<Standing> {
  for (let tries = 1; ; tries++) {
    const { core } = headOf(await directory.fetch(me.account, null));
    if (!findDevice(core, me.device.id)) return { standing: "gone" };
    if (core.generation === me.userKeys.length) return { standing: "unchanged" };
    const view = await deps.api.call("account");
    // Another device's manifest may come between the two answers.
    if (view.version === core.version) {
      const device = { id: me.device.id, kem: kemKeyOf(me.device.kem) };
      const { userKeys } = openDeviceSeal(core, fromBase64url(view.sealsCbor), device);
      return { standing: "renewed", userKeys };
    }
    if (tries >= TRIES) throw new ProtocolError("stale_version");
  }
}
