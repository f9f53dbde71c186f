import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { headOf } from "../../../core/account/history.ts";
import { headBundle } from "../../../core/conversation/state.ts";
import { CoreError } from "../../../core/errors.ts";
import type { SendingDevice, SendingEpoch } from "../../../core/messages/seal.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";
import type { Library } from "../conversation/library.ts";

/** Who signs, and under which epoch, as of now (M7, C8). Throws CoreError `bundle_gap` before there is one. */
export async function sendingAs(
  library: Library,
  directory: Directory,
  me: Identity,
  id: ConversationId,
): Promise<{ readonly sender: SendingDevice; readonly epoch: SendingEpoch }> {
  const { conversation } = await library.chain(id);
  if (!conversation) throw new CoreError("bundle_gap", "no bundle yet");
  const head = headBundle(conversation);
  const secret = conversation.epochs.get(head.core.n)?.secret;
  const history = await directory.load(me.account);
  if (!secret || !history) throw new CoreError("bundle_gap", "no key for the newest bundle");
  const { account, device, signer } = me;
  const { version: manifestVersion } = headOf(history).core;
  return {
    sender: { account, device: device.id, manifestVersion, signer },
    epoch: { conversation: conversation.id, n: head.core.n, head: head.hash, secret },
  };
}
