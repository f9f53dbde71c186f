import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { CoreError } from "../../../core/errors.ts";
import { lazily } from "../../../platform/lazily.ts";
import { CommandProblem, reportUnexpected } from "../store/problem-of.ts";
import { JOIN_KEY, type JoinRecord, joinRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { ChangeContext } from "./changes.ts";

interface Joiner {
  readonly context: ChangeContext;
  caughtUp(id: ConversationId): Promise<void>;
}

const isAltered = (error: unknown): boolean =>
  error instanceof CoreError && error.code === "invitation_mismatch";

/** A3: accepts the invitation that is stored, and forgets it when that is done or can never be. */
export function createJoining(store: Store) {
  const joining = lazily(() => import("./join.ts"));
  const forget = (): Promise<void> =>
    store.write(["state"], (writer) => writer.delete("state", JOIN_KEY));

  /** Throws CommandProblem `link_altered` (I3), and what the network throws. */
  const join = async (device: Joiner, record: JoinRecord): Promise<ConversationId> => {
    const { joinByInvitation } = await joining();
    const id = await joinByInvitation(device.context, record).catch(async (error: unknown) => {
      if (!isAltered(error)) throw error;
      // I3: no later try can succeed.
      await forget();
      throw new CommandProblem("link_altered");
    });
    await forget();
    await device.caughtUp(id);
    return id;
  };

  /** One whose acceptance was interrupted. */
  const resume = async (device: Joiner): Promise<void> => {
    const record = await store.read("state", JOIN_KEY, joinRecord);
    if (!record) return;
    try {
      await join(device, record);
    } catch (error) {
      const over = error instanceof ProtocolError && error.code.startsWith("invitation_");
      // Joined before the crash, then the inbox brings it; or by somebody else, then nothing can.
      if (over) await forget();
      else reportUnexpected(error);
    }
  };

  return { join, resume };
}
