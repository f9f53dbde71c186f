import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  type InboxRow,
  decodeInboxDown,
  encodeInboxUp,
} from "../../../../workers/protocol/frames.ts";
import { CLOSE } from "../../../../workers/protocol/close-codes.ts";
import {
  type ConversationId,
  conversationIdText,
  idBytes,
} from "../../../../workers/protocol/ids.ts";
import { PROTOCOL_VERSION } from "../../../../workers/protocol/version.ts";
import { createInflow } from "../wire/inflow.ts";
import { type ReconnectingSocket, keepConnected } from "../wire/reconnecting-socket.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { publicKeyPart } from "../chunks/public-key.ts";

/** The account's one socket for its whole list (decision "one socket"). */
export interface Inbox {
  read(conversation: ConversationId, seq: number): void;
  hurry(): void;
  cut(): void;
  close(): void;
}

interface InboxEvents {
  connected(connected: boolean): void;
  /** other tabs of this device have the sockets; it comes back when it is hurried */
  elsewhere(): void;
  /** all rows, once after each connection */
  snapshot(rows: ReadonlyMap<ConversationId, InboxRow>): Promise<void>;
  activity(id: ConversationId, row: InboxRow): Promise<void>;
  /** a private record of the account was written (K9) */
  record(name: string, version: number): void;
  /** the account has a newer manifest (K3) */
  manifest(): void;
  renew(): Promise<void>;
}

/** More conversations than any account has: a snapshot that goes on and on is none. */
const MOST_ROWS = 20_000;

export function openInbox(events: InboxEvents): Inbox {
  let gathered = new Map<ConversationId, InboxRow>();
  const inflow = createInflow({ bytes: 8 * 1024 * 1024, frames: 4_000 });
  let opened = false;
  const socket: ReconnectingSocket = keepConnected("/ws/inbox", {
    ready: publicKeyPart,
    opened() {
      opened = true;
      gathered = new Map();
      socket.send(encodeInboxUp({ t: "hello", v: PROTOCOL_VERSION }));
      events.connected(true);
    },
    received(bytes) {
      const frame = decodeInboxDown(bytes);
      switch (frame.t) {
        case "snapshot":
          for (const row of frame.rows) gathered.set(conversationIdText(row.conversation), row);
          if (gathered.size > MOST_ROWS) return socket.cut();
          if (!frame.more) void events.snapshot(gathered).catch(reportUnexpected);
          return;
        case "activity": {
          const { row } = frame;
          const id = conversationIdText(row.conversation);
          const follow = () => events.activity(id, row).catch(reportUnexpected);
          // The next connection's snapshot has it as well.
          if (!inflow.take(bytes.length, follow)) socket.cut();
          return;
        }
        case "record":
          return events.record(toBase64url(frame.name), frame.version);
        case "manifest":
          return events.manifest();
        case "refused":
          return;
      }
    },
    lost({ code }) {
      if (code === CLOSE.elsewhere) {
        events.elsewhere();
        return "rest";
      }
      events.connected(false);
      // A refused handshake looks like a lost network: the session may have ended meanwhile.
      if (code === CLOSE.signedOut || !opened) void events.renew().catch(reportUnexpected);
      opened = false;
      return code === CLOSE.version ? "fatal" : "again";
    },
  });
  return {
    read(conversation, seq) {
      socket.send(encodeInboxUp({ t: "read", conversation: idBytes(conversation), seq }));
    },
    hurry: () => socket.hurry(),
    cut: () => socket.cut(),
    close: () => socket.close(),
  };
}
