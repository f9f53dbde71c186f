import type { CommandHandlers } from "../../rpc.ts";
import type { Deps } from "../store/deps.ts";
import type { Drafts } from "./drafts.ts";
import { putDraft } from "./local-drafts.ts";
import { CommandProblem } from "../store/problem-of.ts";

/** Far more than anybody types; a store that takes more would be slow for everything else. */
export const KEPT_TEXT = 1_000_000;

/** The engine's side of the drafts' commands: they hold while the session is over too, until somebody signs out. */
export function draftHandlers(
  deps: Deps,
  signedIn: () => boolean,
  drafts: () => Drafts | null,
): Pick<CommandHandlers, "draftOf" | "saveDraft"> {
  return {
    async draftOf(id) {
      return (await drafts()?.kept(id)) ?? { text: "", at: 0 };
    },
    async saveDraft({ conversation, text, seen }) {
      // A pause in the typing may end after signing out; nothing of that person is stored then.
      if (!signedIn()) return null;
      if (text.length > KEPT_TEXT) throw new CommandProblem("too_long");
      const working = drafts();
      if (working) await working.save(conversation, { text, seen });
      else {
        const local = { text, at: deps.now(), known: seen, sent: [], by: "" };
        await deps.store.write(["state"], (writer) => putDraft(writer, conversation, local));
      }
      return null;
    },
  };
}
