import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { equalBytes, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ERRORS, type ErrorCode } from "../../../../workers/protocol/errors.ts";
import { newDevice } from "../../../core/account/device.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { openDeps, scriptedApi } from "../device.test-kit.ts";
import type { Identity } from "../account/identity.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import { MARK_STORES } from "../log/marks.ts";
import { CONVERSATION_STORES, beginKeptIn, keptOf, openKeptIn } from "../conversation/keep.ts";
import { newConversation } from "../conversation/kept.ts";
import { type Taken, createOutbox } from "./outbox.ts";
import type { Ready } from "./outbox-decisions.ts";
import { place } from "../log/place.ts";
import { type MessageRecord, messageRecord } from "../store/records.ts";

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const id = conversationIdText(random.bytes(32));
const device = newDevice(random);
const account = random.bytes(32);
const me: Identity = {
  account,
  id: toBase64url(account) as Identity["id"],
  role: "patient",
  name: "Ana",
  device,
  signer: await nobleEd25519.signer(device.signSeed),
  userKeys: [],
};
const own = { account, device: device.id };

type Message = Ready["message"];
type Answer = { readonly seq: number } | { readonly error: ErrorCode };

/** M6 as the server has it: last + 1, the same place and id again is acknowledged again. */
class Server {
  readonly log: Message[] = [];
  conflicts = 0;
  /** `refuse` is said of the message at `at`; the first refusal refuses what follows in the frame */
  take(frame: readonly Message[], refuse: ErrorCode | null, at: number): Answer[] {
    let refused: ErrorCode | null = null;
    return frame.map((message, i) => {
      const known = this.log[message.deviceSeq - 1];
      if (refused) return { error: refused };
      if (known && equalBytes(known.messageId, message.messageId)) {
        // A message is sent again only as it was.
        if (!equalBytes(known.digest, message.digest)) this.conflicts++;
        return { seq: message.deviceSeq };
      }
      if (known) {
        this.conflicts++;
        refused = "sequence_conflict";
      } else if (message.deviceSeq !== this.log.length + 1) refused = "out_of_order";
      else if (refuse && i === at % frame.length) refused = refuse;
      if (refused) return { error: refused };
      this.log.push(message);
      return { seq: message.deviceSeq };
    });
  }
}

/** This device, on the real store; a crash leaves only what that holds. */
async function openClient() {
  const { close, deps } = await openDeps(scriptedApi({}));
  const outbox = createOutbox(
    deps,
    () => me,
    () => undefined,
  );
  const record = () => keptOf(deps.store, id);
  if (!(await record())) {
    const fresh = newConversation({ title: "", owner: account, createdAt: 1 });
    await deps.store.write(CONVERSATION_STORES, (writer) => beginKeptIn(writer, id, fresh));
  }
  return { close, deps, outbox, record };
}
type Client = Awaited<ReturnType<typeof openClient>>;

/** What the sender does with the answers: it stops at the first refusal. */
async function hear({ outbox }: Client, ready: readonly Ready[], answers: readonly Answer[]) {
  const taken: Taken[] = [];
  for (const [i, { order }] of ready.entries()) {
    const answer = answers[i];
    if (!answer) break;
    if ("seq" in answer) {
      taken.push({ order, seq: answer.seq, at: 1 });
      continue;
    }
    await outbox.taken(id, taken);
    if (ERRORS[answer.error].remedy === "give-up") await outbox.failed(id, order, answer.error);
    return;
  }
  await outbox.taken(id, taken);
}

/** What the receiver does when the log shows the next of this device's messages. */
async function showNext({ deps }: Client, server: Server, drafts: Map<string, string>) {
  await deps.store.write([...CONVERSATION_STORES, "messages", ...MARK_STORES], async (writer) => {
    const open = await openKeptIn(writer, id);
    const message = open && server.log[open.kept.cursor];
    if (!message) return;
    const body = {
      kind: "text" as const,
      text: drafts.get(toBase64url(message.messageId)) ?? "",
    };
    const { messageId, deviceSeq, digest } = message;
    const shown = { account, device: device.id, deviceSeq, messageId, digest, prev: null };
    const row: MessageRecord = { type: "message", at: 1, ...shown, body, missingBefore: false };
    const seq = deviceSeq;
    await open.save(await place(own, writer, id, open.kept, { seq, row }));
  });
}

const refusals: readonly (ErrorCode | null)[] = [
  null,
  null,
  null,
  "rate_limited",
  "stale_epoch",
  "unavailable",
  "bad_request",
  "too_large",
];
const action = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: "write" } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      limit: fc.integer({ min: 1, max: 4 }),
      refuse: fc.constantFrom(...refusals),
      at: fc.integer({ min: 0, max: 3 }),
      fate: fc.constantFrom("heard", "heard", "twice", "lost before", "lost after", "crash"),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: "log" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "retry" } as const) },
);

test("A4, M6 whatever is refused, lost, repeated or cut by a crash: each message arrives once, in order, none is dropped", async () => {
  await fc.assert(
    fc
      .asyncProperty(fc.array(action, { minLength: 10, maxLength: 40 }), async (actions) => {
        const server = new Server();
        const drafts = new Map<string, string>();
        let client = await openClient();
        let written = 0;
        const states = async () => (await client.outbox.entries(id)).map(({ entry }) => entry);
        const send = async (limit: number, refuse: ErrorCode | null, at: number, fate: string) => {
          const ready = await client.outbox.assign(id, limit);
          if (ready.length === 0 || fate === "lost before") return;
          const frame = ready.map(({ message }) => message);
          const answers = server.take(frame, refuse, at);
          if (fate === "crash") {
            client.close();
            client = await openClient();
          }
          if (fate === "crash" || fate === "lost after") return;
          await hear(client, ready, answers);
          if (fate === "twice") await hear(client, ready, answers);
        };
        for (const step of actions) {
          if (step.do === "write") {
            const text = `m${written++}`;
            await client.outbox.add(id, { kind: "text", text });
            const entry = (await states()).at(-1);
            if (entry) drafts.set(toBase64url(entry.messageId), text);
          } else if (step.do === "send") await send(step.limit, step.refuse, step.at, step.fate);
          else if (step.do === "log") await showNext(client, server, drafts);
          else {
            for (const { state, messageId } of await states()) {
              if (state.state === "failed") await client.outbox.retry(id, messageId);
            }
          }
        }
        // From here on nothing fails: everything that was not definitively refused has to arrive.
        for (let round = 0; round <= written; round++) await send(4, null, 0, "heard");
        while (((await client.record())?.cursor ?? 0) < server.log.length) {
          await showNext(client, server, drafts);
        }
        const textOf = ({ messageId }: { messageId: Uint8Array }) =>
          drafts.get(toBase64url(messageId));
        const arrived = server.log.map(textOf);
        const kept = await states();
        expect(kept.every(({ state }) => state.state === "failed")).toBe(true);
        const all = [...arrived, ...kept.map(textOf)];
        expect([all.length, new Set(all)]).toEqual([written, new Set(drafts.values())]);
        const span = { id, from: 0, to: Number.MAX_SAFE_INTEGER };
        const rows = await client.deps.store.readAll("messages", messageRecord, span);
        const shown = rows.map(({ value }) =>
          value.type === "message" && value.body.kind === "text" ? value.body.text : value.type,
        );
        expect(shown).toEqual(arrived);
        expect([server.conflicts, (await client.record())?.blocked]).toEqual([0, null]);
        // Written order is kept but for what failed and was sent again, which goes to the end.
        if (!actions.some((step) => step.do === "retry")) {
          const numbers = arrived.map((text) => Number(text?.slice(1)));
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
      })
      .afterEach(forgetDevice),
    { numRuns: 50 },
  );
});
