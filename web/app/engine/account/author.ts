import { headOf } from "../../../core/account/history.ts";
import type { Author } from "../../../core/conversation/build.ts";
import { CoreError } from "../../../core/errors.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";

/** This device as the author of a bundle, by the newest manifest it holds of its own account (C8). */
export async function authorOf(me: Identity, directory: Directory): Promise<Author> {
  const history = await directory.load(me.account);
  if (!history) throw new CoreError("manifest_needed", "own", { account: me.account, version: 1 });
  return { device: me.device.id, signer: me.signer, manifest: headOf(history) };
}
