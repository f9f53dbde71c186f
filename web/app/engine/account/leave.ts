import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { signFarewell } from "../../../core/account/farewell.ts";
import { headOf } from "../../../core/account/history.ts";
import { CoreError } from "../../../core/errors.ts";
import type { Api } from "../../../platform/http.ts";
import type { Deps } from "../store/deps.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";

/** K3: this device's signed farewell, in base64url. Throws CoreError `manifest_needed` where no manifest is held. */
async function farewellFrom(
  { now }: Pick<Deps, "now">,
  { account, device, signer }: Identity,
  directory: Pick<Directory, "load">,
): Promise<string> {
  const history = await directory.load(account);
  if (!history) throw new CoreError("manifest_needed", "own", { account, version: 1 });
  const { version: manifestVersion } = headOf(history).core;
  const said = { account, device: device.id, manifestVersion, time: now() };
  return toBase64url(await signFarewell(signer, said));
}

/**
 * K3: says goodbye for good. `bareApi` renews no session. Throws PlatformError `offline`: without network nobody is
 * signed out.
 */
export async function leaveAccount(
  deps: Pick<Deps, "api" | "now">,
  bareApi: Api,
  me: Identity,
  directory: Pick<Directory, "load">,
): Promise<void> {
  try {
    const farewell = await farewellFrom(deps, me, directory);
    await deps.api.call("farewell", { body: { farewell } });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // Where it is not taken, the session ends at least; one that has ended is signed out as well.
    await bareApi.call("endSession").catch((ended: unknown) => {
      if (!(ended instanceof ProtocolError)) throw ended;
    });
  }
}
