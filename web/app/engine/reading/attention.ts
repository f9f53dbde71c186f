import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { ConversationUp } from "../../../../workers/protocol/frames.ts";
import type { CommandHandlers, EngineEvent } from "../../rpc.ts";
import { type OpenActivity, createActivity } from "./activity.ts";
import type { Deps } from "../store/deps.ts";
import type { Directory } from "../account/directory.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../conversation/library.ts";
import { type PreferencesKeeper, loadPreferences } from "../private/preferences.ts";
import type { PrivateRecords } from "../private/private-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { type Receipts, createReceipts } from "./receipts.ts";
import type { Tabs } from "../store/tabs.ts";

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly directory: Directory;
  readonly privateRecords: PrivateRecords;
  readonly tabs: Tabs;
  readonly emit: (event: EngineEvent) => void;
  readonly changed: (id: ConversationId) => void;
  /** every timeline is to be shown anew */
  readonly switched: () => void;
  /** by the open socket; false when it cannot take it now */
  readonly say: (id: ConversationId, frame: ConversationUp) => boolean;
}

/** What people tell each other beside their messages, and the switches over it. */
export interface Attention {
  readonly preferences: PreferencesKeeper;
  readonly receipts: Receipts;
  readonly activity: OpenActivity;
  close(): void;
}

export async function createAttention(around: Surroundings): Promise<Attention> {
  const { deps, me, library, directory, tabs, emit, say } = around;
  const tellPage = (): void => emit({ type: "preferences", preferences: preferences.current() });
  const preferences = await loadPreferences(deps, around.privateRecords, (where) => {
    tellPage();
    activity.refresh();
    around.switched();
    if (where === "here") tabs.preferencesChanged();
  });
  const receipts = createReceipts({
    deps,
    me,
    library,
    directory,
    preferences,
    say,
    changed: around.changed,
  });
  const activity = createActivity({
    deps,
    me,
    library,
    preferences,
    say,
    emit: (conversation, shown) => emit({ type: "activity", conversation, activity: shown }),
  });
  tabs.onPreferences(() => void preferences.reload().catch(reportUnexpected));
  tellPage();
  return {
    preferences,
    receipts,
    activity,
    close() {
      preferences.close();
      receipts.close();
      activity.close();
    },
  };
}

/** The engine's side of the commands about it. */
export const attentionHandlers = (
  attention: () => Attention | undefined,
  signedIn: () => Attention,
  looked: () => void,
): Pick<CommandHandlers, "typing" | "visible" | "setPreferences"> => ({
  async typing(on) {
    attention()?.activity.typing(on);
    return null;
  },
  async visible(on) {
    attention()?.activity.visible(on);
    if (on) looked();
    return null;
  },
  async setPreferences(change) {
    await signedIn().preferences.set(change);
    return null;
  },
});
