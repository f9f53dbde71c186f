import { findMember } from "../../../workers/protocol/bundle-entries.ts";
import { findDevice } from "../../../workers/protocol/manifest-rules.ts";
import { manifestAt } from "../account/history.ts";
import type { OpeningContext } from "./authority.ts";

/**
 * C8: whether a verified message is the first here of a device that its account added since it came to this
 * conversation. It is so for ever and on every device: the first number of a device, by the account's own manifests.
 */
export function isFirstOfNewDevice(
  { conversation, historyOf }: Pick<OpeningContext, "conversation" | "historyOf">,
  {
    account,
    device,
    deviceSeq,
  }: { readonly account: Uint8Array; readonly device: Uint8Array; readonly deviceSeq: number },
): boolean {
  if (deviceSeq !== 1) return false;
  for (const { core } of conversation.bundles) {
    const member = findMember(core, account);
    if (!member) continue;
    const history = historyOf(account);
    const manifest = history && manifestAt(history, member.manifest.version);
    return manifest !== undefined && !findDevice(manifest.core, device);
  }
  return false;
}
