import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { CreateAccount } from "../../../../workers/protocol/http/accounts.ts";
import type { AccountRole } from "../../../../workers/protocol/http/endpoint.ts";
import { inviteIdText } from "../../../../workers/protocol/ids.ts";
import type { Suite } from "../../../core/crypto/suite.ts";
import { inviteKeys, signClaim } from "../../../core/invitation/keys.ts";
import { decodeLink } from "../../../core/invitation/link.ts";
import { CommandProblem } from "../store/problem-of.ts";
import type { EntranceLink } from "./entrance-draft.ts";

/** Whether both are one link: by their secrets. */
export function isSameLink(one: EntranceLink, other: EntranceLink): boolean {
  if (one.kind === "setup" || other.kind === "setup") {
    return one.kind === "setup" && other.kind === "setup" && one.token === other.token;
  }
  return equalBytes(one.secret, other.secret);
}

export const roleOf = (link: EntranceLink): AccountRole =>
  link.kind === "setup" ? "administrator" : link.kind;

/** I1: what a link says. Throws CommandProblem `bad_link`, CoreError `bad_link` or `unsupported_version`. */
export function parseLink(text: string): EntranceLink {
  const url = new URL(text);
  const fragment = url.hash.replace(/^#/, "");
  if (!fragment) throw new CommandProblem("bad_link");
  return url.pathname === "/setup" ? { kind: "setup", token: fragment } : decodeLink(fragment);
}

/** I6, I7: the right to make this account. */
export async function claimOf(
  suite: Suite,
  link: EntranceLink,
  account: Uint8Array,
): Promise<CreateAccount["claim"]> {
  if (link.kind === "setup") return { kind: "setup", token: link.token };
  const keys = inviteKeys(link.secret);
  const signature = toBase64url(await signClaim(suite, keys, account));
  return { kind: "invitation", invite: inviteIdText(keys.id), signature };
}
