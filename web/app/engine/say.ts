import { ProtocolError } from "../../../workers/protocol/errors.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import type { Target } from "../../core/messages/payload.ts";
import { CommandProblem } from "./problem-of.ts";
import { messageRecord } from "./records.ts";
import type { Store } from "./store.ts";
import type { Workspace } from "./workspace.ts";
import type { CommandHandlers } from "../rpc.ts";

/** M5: names the message stored at this place. Throws ProtocolError `not_found` where none is. */
export async function targetAt(store: Store, id: string, seq: number): Promise<Target> {
  const row = await store.read("messages", [id, seq], messageRecord);
  if (row?.type !== "message" || row.body.kind !== "text") throw new ProtocolError("not_found");
  const { device, deviceSeq, digest } = row;
  return { device, deviceSeq, digest, seq };
}

const worded = (text: string): string => {
  const trimmed = text.trim();
  if (trimmed.length > LIMITS.text) throw new CommandProblem("too_long");
  return trimmed;
};

type Names = "send" | "editMessage" | "deleteMessage" | "react";

/** What a person writes, and what they want of a message that is written (M5). */
export const messageCommands = (working: () => Workspace): Pick<CommandHandlers, Names> => ({
  async send({ conversation, text, replyTo }) {
    const words = worded(text);
    if (!words) return null;
    const space = working();
    const reply = replyTo === undefined ? undefined : await space.targetAt(conversation, replyTo);
    await space.say(conversation, { kind: "text", text: words, ...(reply ? { reply } : {}) });
    return null;
  },
  async editMessage({ conversation, seq, text }) {
    const words = worded(text);
    if (!words) return null;
    const space = working();
    const target = await space.targetAt(conversation, seq);
    await space.say(conversation, { kind: "edit", target, text: words });
    return null;
  },
  async deleteMessage({ conversation, seq }) {
    const space = working();
    const target = await space.targetAt(conversation, seq);
    await space.say(conversation, { kind: "deletion", target });
    return null;
  },
  async react({ conversation, seq, emoji }) {
    const space = working();
    const target = await space.targetAt(conversation, seq);
    await space.say(conversation, { kind: "reaction", target, emoji });
    return null;
  },
});
