import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { frameEdit } from "../http/mutation.test-kit.ts";
import { identityOf } from "../objects/peer-identity.ts";
import { inviteBundle } from "../protocol/bundle.test-kit.ts";
import type { BundleCore } from "../protocol/bundle.ts";
import {
  type ConversationUp,
  decodeConversationDown,
  encodeConversationUp,
} from "../protocol/frames.ts";
import { accountIdText, deviceIdText } from "../protocol/ids.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { makeReceipt } from "./receipt.test-kit.ts";
import {
  type Pair,
  type Writer,
  freshInvite,
  open,
  seedPair,
  settled,
  unlimited,
} from "./scene.test-kit.ts";

vi.setConfig({ testTimeout: 120_000 });

/** `npm run soak` sends ten times as many to a served Worker. */
const FRAMES = 10_000;
const AT_ONCE = 250;

const whoIs = ({ author }: Writer) =>
  identityOf(
    {
      account: accountIdText(author.account.id),
      device: deviceIdText(author.device.id),
      session: "fuzz",
    },
    "2001:db8::1",
  );

const now = (core: BundleCore): BundleCore => ({ ...core, time: Date.now() });

/** A frame of every kind that this member could send now. */
function validFrames({ patient, head }: Pair, counter: number): Uint8Array[] {
  // A patient may invite nobody: it is refused late, after everything else about it was found good.
  const { upload } = inviteBundle(patient.author, head, freshInvite(), now);
  const envelopes = patient.writeMany(head, 2, 40).map(({ bytes }) => bytes);
  const cheap: ConversationUp[] = [
    { t: "hello", v: PROTOCOL_VERSION, cursor: 1 },
    { t: "send", envelopes },
    { t: "received", seq: 2 },
    { t: "receipt", receipt: makeReceipt(patient.author, head, counter).bytes },
    { t: "typing", on: true },
    { t: "presence", on: true },
  ];
  // Two signatures a bundle: one in nineteen frames is enough.
  const frames: ConversationUp[] = [
    ...[cheap, cheap, cheap].flat(),
    { t: "bundle", bundle: upload, envelopes: [] },
  ];
  return frames.map(encodeConversationUp);
}

afterEach(() => {
  vi.restoreAllMocks();
});

test(`${FRAMES} random and mutated frames are answered by the contract, and the others go on`, async () => {
  const pair = await seedPair();
  await unlimited(pair.stub);
  const owner = await open(pair.owner, pair);
  await owner.hello();
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const seed = Date.now();
  const outcomes = new Map<string, number>();
  for (let sent = 0; sent < FRAMES; sent += AT_ONCE) {
    const edits = fc.sample(frameEdit, { seed: seed + sent, numRuns: AT_ONCE });
    const valid = validFrames(pair, sent + 1);
    const messages = edits.flatMap((by, i) => by(valid[i % valid.length] ?? new Uint8Array()));
    const answers = await runInDurableObject(pair.stub, async (instance) => {
      const all: { readonly sent: string | Uint8Array; readonly answer: unknown }[] = [];
      for (const message of messages) {
        // Over HTTP a text is no frame: it is what a socket alone can carry.
        const frame = typeof message === "string" ? new TextEncoder().encode(message) : message;
        all.push({ sent: frame, answer: await instance.frames(whoIs(pair.patient), [frame]) });
      }
      return all;
    });
    for (const { answer } of answers) {
      expect(answer, `seed ${seed}`).toMatchObject({ ok: true });
      const { value } = answer as { readonly value: readonly Uint8Array[] };
      for (const frame of value.map(decodeConversationDown)) {
        const kind = frame.t === "refused" ? frame.error : frame.t;
        outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
      }
    }
    await settled(owner, pair.owner, pair);
  }
  expect(outcomes.get("internal"), `seed ${seed}`).toBeUndefined();
  expect(logged.mock.calls, `seed ${seed}`).toEqual([]);
  // The positive control: mutated frames get past the decoder, into every kind of decision.
  const reached = ["ack", "welcome", "receipt", "bundle_refused", "bad_request"];
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(reached));
});
