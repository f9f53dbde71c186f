import type { InboxRow } from "../../../../workers/protocol/frames.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { PrivateRecords } from "../private/private-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { Follower } from "./follow.ts";
import type { Mender } from "./mend.ts";

interface Surroundings {
  /** K3: whether this device goes on as it is */
  readonly stands: () => Promise<boolean>;
  readonly privateRecords: Pick<PrivateRecords, "sync" | "renew">;
  /** K9: takes over what other devices left in private state */
  readonly adoptRecords: () => Promise<void>;
  readonly mender: Pick<Mender, "settled" | "fetchAgain">;
  readonly follower: Pick<Follower, "snapshot">;
}

/** What this device does when the Inbox tells of its account (K3), and in what order after each connection. */
export const followInbox = ({
  stands,
  privateRecords,
  adoptRecords,
  mender,
  follower,
}: Surroundings) => ({
  manifest: (): void => void stands(),
  async snapshot(rows: ReadonlyMap<ConversationId, InboxRow>): Promise<void> {
    // What a newer generation sealed opens with its keys alone: they come first.
    if (!(await stands())) return;
    // A refused record (K9) leaves a label or a flag as it was; messages do not wait for it.
    await privateRecords.sync().catch(reportUnexpected);
    await adoptRecords().catch(reportUnexpected);
    void privateRecords.renew().catch(reportUnexpected);
    // What cannot be read must not be taken for a conversation that is new here.
    await mender.settled();
    await follower.snapshot(rows);
    await mender.fetchAgain();
  },
});
