import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import * as z from "zod/mini";
import { positive } from "../../../../workers/protocol/fields.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { Store } from "../store/store.ts";

export const unsavedEdit = z.object({ seq: positive, before: z.string(), text: z.string() });
const keyOf = (id: ConversationId): string => `edit/${id}`;

/** A message written anew and not saved: on this device only, sealed, through reload and crash (K8). */
export const unsavedEditHandlers = (
  store: Store,
  signedIn: () => boolean,
): Pick<CommandHandlers, "unsavedEdit" | "keepEdit"> => ({
  unsavedEdit: (id) => store.read("state", keyOf(id), unsavedEdit),
  async keepEdit({ conversation, edit }) {
    await store.write(["state"], async (writer) => {
      // Somebody may be signing out: nothing of that person is stored then.
      if (edit && signedIn()) await writer.put("state", keyOf(conversation), unsavedEdit, edit);
      else await writer.delete("state", keyOf(conversation));
    });
    return null;
  },
});
