import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { decodeEnvelope, decodeEnvelopeHeader } from "../../../../workers/protocol/envelope.ts";
import {
  type ConversationDown,
  type ConversationUp,
  type LogItem,
  decodeConversationDown,
  encodeConversationUp,
} from "../../../../workers/protocol/frames.ts";
import { CLOSE } from "../../../../workers/protocol/close-codes.ts";
import { PROTOCOL_VERSION } from "../../../../workers/protocol/version.ts";
import type { OpenActivity } from "../reading/activity.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { Baseline } from "../log/judge-state.ts";
import type { Library } from "../conversation/library.ts";
import { waitMs } from "../wire/backoff.ts";
import { createInflow } from "../wire/inflow.ts";
import { type ReconnectingSocket, keepConnected } from "../wire/reconnecting-socket.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { publicKeyPart } from "../chunks/public-key.ts";
import type { Receipts } from "../reading/receipts.ts";
import type { Receiver } from "../log/receive.ts";
import { type Answer, Waiting } from "../wire/wire.ts";

/** The socket of the conversation on screen. */
export interface OpenConversation {
  readonly id: ConversationId;
  /** null when the socket cannot take envelopes now: use HTTP */
  transmit(
    messages: readonly { readonly messageId: Uint8Array; readonly envelope: Uint8Array }[],
  ): Promise<readonly Answer[]> | null;
  /** live: what is new comes by this socket */
  welcomed(): boolean;
  /** false when the socket is not live; what is said is not repeated */
  say(frame: ConversationUp): boolean;
  hurry(): void;
  cut(): void;
  close(): void;
}

interface Surroundings {
  readonly library: Library;
  readonly receiver: Receiver;
  readonly catchUp: CatchUp;
  readonly baseline: (id: ConversationId) => Promise<Baseline | null>;
  /** what waits may go out now */
  readonly ready: () => void;
  readonly renew: () => Promise<void>;
  /** other tabs of this device have the sockets; this one comes back when it is hurried */
  readonly elsewhere: () => void;
  /** it is open, or open again */
  readonly connected: () => void;
  readonly receipts: Pick<Receipts, "take" | "flush" | "refused">;
  readonly activity: Pick<OpenActivity, "welcomed" | "lost" | "heard" | "arrived">;
}

const ANSWER_MS = 20_000;
/** After a refusal that names no time. */
const HELLO_AGAIN_MS = 5_000;

/** Who sent these, as they claim: enough to end "is typing". */
const authorsOf = (items: readonly LogItem[]): Uint8Array[] =>
  items.flatMap((item) => {
    if (!("envelope" in item)) return [];
    try {
      return [decodeEnvelopeHeader(decodeEnvelope(item.envelope).header).account];
    } catch {
      return [];
    }
  });

export function openConversation(id: ConversationId, around: Surroundings): OpenConversation {
  const { library, receiver, catchUp, receipts, activity } = around;
  const waiting = new Waiting();
  let baseline: Baseline | null = null;
  let welcomed = false;
  let told = 0;
  /** the server owes the log that was asked for, or its next page */
  let isOwed = false;
  let again: ReturnType<typeof setTimeout> | undefined;

  const hello = async (): Promise<void> => {
    isOwed = true;
    baseline = await around.baseline(id);
    const cursor = baseline?.record.cursor ?? 0;
    socket.send(encodeConversationUp({ t: "hello", v: PROTOCOL_VERSION, cursor }));
  };

  const tellReceived = async (): Promise<void> => {
    const record = await library.kept(id);
    // What came may want something of this device in turn (M5), or show more than was told as read (M10).
    if (record && record.editsLeft.length > 0) around.ready();
    if (record?.receipt.due) receipts.flush(id);
    if (!record || record.cursor <= told) return;
    told = record.cursor;
    socket.send(encodeConversationUp({ t: "received", seq: told }));
  };

  const take = async (frame: ConversationDown): Promise<void> => {
    switch (frame.t) {
      case "welcome":
        if (baseline && (await catchUp.judge(id, baseline, frame.state))) {
          // M9: what came after the end of the log is gone; what is there by now comes in its place.
          await hello();
          return;
        }
        await catchUp.learn(id, frame.state);
        await receipts.take(id, frame.state.receipts);
        if (frame.behind) {
          await catchUp.newer(id);
          await hello();
          return;
        }
        isOwed = false;
        welcomed = true;
        activity.welcomed(frame.present);
        // C5, M6: each contact asks for what is wanted; what fails is asked for at the next.
        await catchUp.askAgain(id).catch(reportUnexpected);
        around.ready();
        return;
      case "log": {
        const outcome = await receiver.forward(id, frame.items, "live");
        if (outcome === "gap" || outcome === "wanting") await catchUp.newer(id);
        await tellReceived();
        for (const account of authorsOf(frame.items)) activity.arrived(account);
        return;
      }
      case "page":
        // Said after everything before it was taken in: the next page waits for this.
        socket.send(encodeConversationUp({ t: "taken", mark: frame.mark }));
        isOwed = frame.more;
        return;
      case "received": {
        const { account, seq } = frame;
        await catchUp.learnReceived(id, account, seq);
        return;
      }
      case "receipt":
        await receipts.take(id, [frame.receipt]);
        return;
      case "typing":
      case "presence":
        activity.heard(frame.account, frame.t, frame.on);
        return;
      case "ack":
      case "accepted":
      case "refused":
        waiting.take(frame);
        return;
    }
  };

  // Frames are taken in the order in which they came: each waits for the one before.
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work).catch(reportUnexpected);
    return turn;
  };
  /** What waits beyond this was sent by who did not wait for `taken`: the log comes again, by pages. */
  const inflow = createInflow({ bytes: 8 * 1024 * 1024, frames: 4_000 });

  const helloSoon = (ms: number): void => {
    clearTimeout(again);
    again = setTimeout(() => void inTurn(hello), ms);
  };

  const socket: ReconnectingSocket = keepConnected(`/ws/conversation/${id}`, {
    ready: publicKeyPart,
    opened() {
      around.connected();
      void inTurn(hello);
    },
    received(bytes) {
      const frame = decodeConversationDown(bytes);
      // An answer must not wait behind a log that waits for the network.
      if (frame.t === "ack" || frame.t === "accepted" || frame.t === "refused") {
        waiting.take(frame);
        if (frame.t === "refused") {
          receipts.refused(id, frame);
          // Of the frame as a whole: while the log is owed it was the hello, or the next page.
          // A log that was rolled back is the same however often it is asked for.
          const isOfHello = frame.ref === null && frame.error !== "rolled_back" && isOwed;
          if (isOfHello) helloSoon(waitMs(frame.retryAfterMs, HELLO_AGAIN_MS));
        }
      } else if (!inflow.take(bytes.length, () => inTurn(() => take(frame)))) socket.cut();
    },
    lost({ code }) {
      clearTimeout(again);
      isOwed = false;
      welcomed = false;
      activity.lost();
      told = 0;
      waiting.end();
      if (code === CLOSE.signedOut) void around.renew().catch(reportUnexpected);
      if (code === CLOSE.elsewhere) {
        around.elsewhere();
        return "rest";
      }
      return code === CLOSE.notMember || code === CLOSE.version ? "fatal" : "again";
    },
  });

  return {
    id,
    transmit(messages) {
      if (!welcomed) return null;
      const answers = messages.map(({ messageId }) => waiting.wait(messageId));
      const envelopes = messages.map(({ envelope }) => envelope);
      if (!socket.send(encodeConversationUp({ t: "send", envelopes }))) waiting.end();
      // A connection that is lost without a close frame gives no answer at all.
      const timer = setTimeout(() => socket.cut(), ANSWER_MS);
      return Promise.all(answers).finally(() => clearTimeout(timer));
    },
    welcomed: () => welcomed,
    say: (frame) => welcomed && socket.send(encodeConversationUp(frame)),
    hurry: () => socket.hurry(),
    cut: () => socket.cut(),
    close() {
      clearTimeout(again);
      waiting.end();
      socket.close();
    },
  };
}
