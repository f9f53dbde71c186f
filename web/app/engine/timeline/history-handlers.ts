import type { CommandHandlers } from "../../rpc.ts";
import type { OpenTimeline } from "./open-timeline.ts";

type Names = "loadOlder" | "loadNewer" | "showAt" | "showDate" | "showNewest";

/** Moves through the history of the conversation on screen; with none on screen there is nothing to move. */
export function historyHandlers(timeline: () => OpenTimeline | null): Pick<CommandHandlers, Names> {
  return {
    async loadOlder() {
      await timeline()?.older();
      return null;
    },
    async loadNewer() {
      await timeline()?.newer();
      return null;
    },
    async showAt(seq) {
      await timeline()?.at(seq);
      return null;
    },
    async showDate(time) {
      await timeline()?.since(time);
      return null;
    },
    async showNewest() {
      await timeline()?.newest();
      return null;
    },
  };
}
