import type { Api } from "../../../platform/http.ts";
import type { OpenConversation } from "../follow/open-conversation.ts";
import type { Transmit } from "./send.ts";
import { Waiting, exchange } from "../wire/wire.ts";

/** Envelopes go by the open conversation's socket while it is live, else over HTTP. */
export const transmitBy =
  (api: Api, open: () => OpenConversation | null): Transmit =>
  async (id, messages) => {
    const socket = open();
    const bySocket = socket?.id === id ? socket.transmit(messages) : null;
    if (bySocket) return bySocket;
    const waiting = new Waiting();
    const answers = messages.map(({ messageId }) => waiting.wait(messageId));
    const envelopes = messages.map(({ envelope }) => envelope);
    for (const frame of await exchange(api, id, [{ t: "send", envelopes }])) waiting.take(frame);
    waiting.end();
    return Promise.all(answers);
  };
