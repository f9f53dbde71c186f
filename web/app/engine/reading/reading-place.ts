import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import * as z from "zod/mini";
import { unsigned } from "../../../../workers/protocol/fields.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { ReadingPlace } from "../../timeline.ts";
import type { Store } from "../store/store.ts";

const placeRecord = z.object({ seq: unsigned, top: z.int() });

const keyOf = (conversation: ConversationId): string => `place/${conversation}`;

/** Where the reader of this device left off; null: at the newest message, or never here. */
export const readingPlace = (
  store: Store,
  conversation: ConversationId,
): Promise<ReadingPlace | null> => store.read("state", keyOf(conversation), placeRecord);

/** Sealed like a message (K8); signing out removes it. */
export function readingPlaceHandlers(
  store: Store,
  signedIn: () => boolean,
): Pick<CommandHandlers, "keepPlace"> {
  return {
    async keepPlace({ conversation, place }) {
      if (!signedIn()) return null;
      const key = keyOf(conversation);
      await store.write(["state"], (writer) =>
        place === null ? writer.delete("state", key) : writer.put("state", key, placeRecord, place),
      );
      return null;
    },
  };
}
