import * as z from "zod/mini";
import type { CommandHandlers } from "../rpc.ts";
import type { Store } from "./store.ts";

const draftRecord = z.object({ text: z.string() });

const keyOf = (conversation: string): string => `draft/${conversation}`;

/** What stands in the composer of each conversation, sealed like a message (K8); signing out removes it. */
export function draftHandlers(
  store: Store,
  signedIn: () => boolean,
): Pick<CommandHandlers, "draftOf" | "saveDraft"> {
  return {
    async draftOf(conversation) {
      const record = await store.read("state", keyOf(conversation), draftRecord);
      return record?.text ?? "";
    },
    async saveDraft({ conversation, text }) {
      // A pause in the typing may end after signing out; nothing of that person is stored then.
      if (!signedIn()) return null;
      const key = keyOf(conversation);
      await store.write(["state"], (writer) =>
        text.trim() === "" ? writer.delete("state", key) : writer.put("state", key, { text }),
      );
      return null;
    },
  };
}
