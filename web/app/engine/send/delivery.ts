import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { Reader } from "../../../core/conversation/reader.ts";
import { type CatchUp, createCatchUp } from "../log/catch-up.ts";
import type { Deps } from "../store/deps.ts";
import { type Directory, createDirectory } from "../account/directory.ts";
import type { Identity } from "../account/identity.ts";
import { lazily } from "../../../platform/lazily.ts";
import { type Library, createLibrary } from "../conversation/library.ts";
import type { OpenConversation } from "../follow/open-conversation.ts";
import { type Outbox, createOutbox } from "./outbox.ts";
import type { PrivateRecords } from "../private/private-records.ts";
import { publicKeyPart } from "../chunks/public-key.ts";
import type { Receiver } from "../log/receive.ts";
import { receiverLater } from "../chunks/receiver-later.ts";
import { type ConversationRecord, outboxRecord } from "../store/records.ts";
import { type OutboxSender, createOutboxSender } from "./send.ts";
import { transmitBy } from "./transmit.ts";

/** What brings messages in and out; sockets and screens stand on it, and it works without either. */
export interface Delivery {
  readonly directory: Directory;
  readonly library: Library;
  readonly receiver: Receiver;
  readonly catchUp: CatchUp;
  readonly outbox: Outbox;
  readonly sender: OutboxSender;
  /** One more attempt to send all that waits. Resolves with how many messages and removals (M5) still do. */
  sendWaiting(): Promise<number>;
  /** Messages among them whose file is not at the server yet: only a page sends files. */
  filesWaiting(): Promise<number>;
}

const unanswered = lazily(() => import("./unanswered.ts"));

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly privateRecords: PrivateRecords;
  readonly renew: () => Promise<void>;
  readonly changed: (id: ConversationId) => void;
  /** read receipts that the server shows (M10) */
  readonly receipts: (id: ConversationId, shown: readonly Uint8Array[]) => Promise<void>;
  /** whose socket is quicker than HTTP, for its own messages */
  readonly open: () => OpenConversation | null;
}

/** Messages that no server has, and what is deleted here (M5) and not yet there. */
const unsettled = ({ outbox, deletionsDue, editsLeft, blocked }: ConversationRecord): number =>
  outbox.length + deletionsDue.length + (blocked ? 0 : editsLeft.length);

export async function createDelivery(around: Surroundings): Promise<Delivery> {
  const { deps, me, renew, changed } = around;
  const directory = createDirectory(deps, around.privateRecords);
  await directory.load(me.account);
  const library = createLibrary(deps);
  const own = { account: me.account, device: me.device.id };
  const receiver = receiverLater(async () => {
    const { createReceiver } = await publicKeyPart();
    const reader: Reader = { kind: "account", account: me.account, userKeys: me.userKeys };
    return createReceiver({
      deps,
      library,
      context: () => ({ deps, directory, self: me.account, reader }),
      own: () => own,
      changed,
    });
  });
  const catchUp = createCatchUp(
    deps,
    library,
    receiver,
    changed,
    around.receipts,
    (id) => void sender.flush(id),
  );
  const outbox = createOutbox(deps, () => me, changed);
  const sender = createOutboxSender({
    deps,
    library,
    outbox,
    directory,
    me: () => me,
    renew,
    catchUp: (id) => catchUp.newer(id),
    async settleUnanswered(id) {
      const entries = await outbox.entries(id);
      if (!entries.some(({ entry }) => entry.state.state === "unanswered")) return false;
      const { settleUnanswered } = await unanswered();
      return settleUnanswered({ deps, library, catchUp, outbox, me, changed }, id);
    },
    transmit: transmitBy(deps.api, around.open),
  });
  return {
    directory,
    library,
    receiver,
    catchUp,
    outbox,
    sender,
    async filesWaiting() {
      const all = await deps.store.readAll("outbox", outboxRecord);
      return all.filter(({ value }) => value.state.state === "uploading").length;
    },
    async sendWaiting() {
      for (const [id, record] of await library.records()) {
        if (unsettled(record) === 0) continue;
        // The log may show that it arrived although the answer was lost.
        await catchUp.newer(id);
        await catchUp.askAgain(id);
        await sender.flush(id);
      }
      const after = [...(await library.records()).values()];
      return after.reduce((sum, record) => sum + unsettled(record), 0);
    },
  };
}
