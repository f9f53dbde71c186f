import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { ERRORS } from "../../../../workers/protocol/errors.ts";
import type { Remedy } from "../../../../workers/protocol/errors.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import { withLock } from "../../../platform/locks.ts";
import { backoffMs, waitMs } from "../wire/backoff.ts";
import type { Deps } from "../store/deps.ts";
import type { Directory } from "../account/directory.ts";
import type { Identity } from "../account/identity.ts";
import { lazily } from "../../../platform/lazily.ts";
import type { Library } from "../conversation/library.ts";
import type { Outbox, Taken } from "./outbox.ts";
import type { Ready } from "./outbox-decisions.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { sendingAs } from "../account/sending-as.ts";
import type { Answer } from "../wire/wire.ts";

/** How envelopes get to the server: the open socket, else HTTP. One answer for each, in order. */
export type Transmit = (
  id: ConversationId,
  messages: readonly { readonly messageId: Uint8Array; readonly envelope: Uint8Array }[],
) => Promise<readonly Answer[]>;

export interface Sending {
  readonly deps: Deps;
  readonly library: Library;
  readonly outbox: Outbox;
  readonly directory: Directory;
  readonly me: () => Identity;
  readonly transmit: Transmit;
  /** stores what the log has after the cursor, bundles included (M7) */
  readonly catchUp: (id: ConversationId) => Promise<void>;
  /** finds out whether what a former device sent has arrived; false when nothing is to be found out */
  readonly settleUnanswered: (id: ConversationId) => Promise<boolean>;
  readonly renew: () => Promise<void>;
}

export interface OutboxSender {
  /**
   * Sends what waits, in order, until nothing does or the connection is gone; then what it deleted goes at the
   * server (M5). Never throws.
   */
  flush(id: ConversationId): Promise<void>;
}

const IN_FLIGHT = 32;
/** Bytes of envelopes in one frame; well under LIMITS.frame. */
const FRAME = 160 * 1024;
const ROUNDS = 40;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

type Round = "progress" | "stuck" | "done" | "offline";

const settling = lazily(() => import("./settle-deletions.ts"));

/** M5: what is still to be done about what was deleted. True: a message of it waits to be sent. */
async function deletions(sending: Sending, id: ConversationId): Promise<boolean> {
  const record = await sending.library.record(id);
  if (!record || !(record.outbox.length + record.editsLeft.length + record.deletionsDue.length)) {
    return false;
  }
  return (await settling()).settleDeletions(sending, id);
}

async function seal(sending: Sending, id: ConversationId, ready: readonly Ready[]) {
  const { library, directory, deps, me } = sending;
  const { sender, epoch } = await sendingAs(library, directory, me(), id);
  const sealed: { order: number; messageId: Uint8Array; envelope: Uint8Array }[] = [];
  let bytes = 0;
  for (const { order, message, blobs } of ready) {
    const envelope = await sealEnvelope(deps.suite.random, sender, epoch, message, blobs);
    if (bytes > 0 && bytes + envelope.length > FRAME) break;
    bytes += envelope.length;
    sealed.push({ order, messageId: message.messageId, envelope });
  }
  return sealed;
}

/** What the first refusal asks for; the ones after it were refused only because of it. */
async function remedy(
  sending: Sending,
  id: ConversationId,
  order: number,
  answer: Answer,
): Promise<Round> {
  if (answer.type !== "refused") return "offline";
  const { error, retryAfterMs } = answer;
  const what: Remedy = ERRORS[error].remedy;
  switch (what) {
    case "retry":
      if (error === "out_of_order") await sending.catchUp(id);
      await pause(waitMs(retryAfterMs, 250));
      return "stuck";
    case "reseal":
    case "rebuild":
      await sending.catchUp(id);
      return "stuck";
    case "sign-in":
      await sending.renew();
      return "stuck";
    case "update-app":
    case "give-up":
      if (error === "sequence_conflict") {
        await sending.outbox.contradicted(id, order);
        await sending.catchUp(id);
      } else await sending.outbox.failed(id, order, error);
      return "progress";
  }
}

/** M6: what the server acknowledged at an empty place is looked for in the log before it is sent again. */
async function logFirst(sending: Sending, id: ConversationId): Promise<Round> {
  await sending.catchUp(id);
  return "stuck";
}

async function round(sending: Sending, id: ConversationId): Promise<Round> {
  const record = await sending.library.record(id);
  if (!record || record.blocked || record.head < 0 || record.ownChain === "sought") return "done";
  const ready = await sending.outbox.assign(id, IN_FLIGHT);
  if (ready.length === 0) return (await sending.settleUnanswered(id)) ? "progress" : "done";
  const sealed = await seal(sending, id, ready);
  const answers = await sending.transmit(id, sealed);
  const taken: Taken[] = [];
  for (const [i, { order }] of sealed.entries()) {
    const answer = answers[i] ?? { type: "unanswered" };
    if (answer.type === "taken") {
      taken.push({ order, seq: answer.seq, at: answer.at });
      continue;
    }
    if (taken.length > 0 && !(await sending.outbox.taken(id, taken))) return logFirst(sending, id);
    const next = await remedy(sending, id, order, answer);
    return next === "stuck" && taken.length > 0 ? "progress" : next;
  }
  return (await sending.outbox.taken(id, taken)) ? "progress" : logFirst(sending, id);
}

export function createOutboxSender(sending: Sending): OutboxSender {
  const running = new Map<string, { again: boolean }>();

  const work = async (id: ConversationId): Promise<void> => {
    for (let stuck = 0; stuck < ROUNDS; ) {
      const result = await round(sending, id);
      if (result === "done" && !(await deletions(sending, id))) return;
      if (result === "offline") return;
      stuck = result === "progress" ? 0 : stuck + 1;
      if (stuck > 1) await pause(backoffMs(stuck, Math.random()));
    }
  };

  return {
    async flush(id) {
      const active = running.get(id);
      if (active) {
        active.again = true;
        return;
      }
      const state = { again: true };
      running.set(id, state);
      try {
        while (state.again) {
          state.again = false;
          // Another tab may send the same queue: one at a time (A4), and M6 makes a stolen lock harmless.
          await withLock(`thyme/send/${id}`, () => work(id));
        }
      } catch (error) {
        // The connection went, or the conversation is not ready: what waits stays in the outbox and the next
        // connection, activity or start flushes again.
        reportUnexpected(error);
      } finally {
        running.delete(id);
      }
    },
  };
}
