import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { type BundleDelivery, bundleHash } from "../../../../workers/protocol/bundle.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import {
  decodeConversationUp,
  encodeConversationDown,
} from "../../../../workers/protocol/frames.ts";
import { fromBase64url } from "../../../../workers/protocol/bytes.ts";
import { conversationIdText, inviteIdText } from "../../../../workers/protocol/ids.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { type Person, codeOf, deliver, flipped, newPerson } from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import type { ChangeContext } from "./changes.ts";
import { joinByInvitation } from "./join.ts";

const care = await newCare("join");
const { owner, patient, invite, secret, created, suite } = care;
const stranger = await newPerson(suite);
const id = conversationIdText(created.checked.core.conversation);
const genesis = deliver(created.upload, invite.id);

interface Served {
  readonly bundles?: readonly BundleDelivery[];
  readonly claimed?: string | null;
}

/** What the patient's device sends when it accepts at this server, and how that ends. */
async function accept({ bundles = [genesis], claimed = id }: Served, inviter = owner.account) {
  const { account, chain, prepared } = patient;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  const sent: Uint8Array[] = [];
  const people: readonly Person[] = [owner, patient, stranger];
  server.lies.claim = ({ params }) => {
    expect(params?.["invite"]).toBe(inviteIdText(invite.id));
    return { conversation: claimed };
  };
  server.lies.bundles = () => ({
    items: bundles.map((bundle, i) => toBase64url(encodeCbor({ seq: i + 1, at: 1, bundle }))),
    more: false,
  });
  server.lies.frames = ({ body }) => {
    const { frames } = body as { frames: string[] };
    const answers = frames.map((text) => {
      const frame = decodeConversationUp(fromBase64url(text));
      if (frame.t !== "bundle") throw new TypeError(frame.t);
      sent.push(frame.bundle.core);
      const hash = bundleHash(frame.bundle.core);
      return toBase64url(encodeConversationDown({ t: "accepted", n: 1, hash, seq: 2, at: 1 }));
    });
    return { frames: answers };
  };
  const historyOf = (of: Uint8Array) =>
    people.find((one) => toBase64url(one.account) === toBase64url(of))?.history;
  const context = {
    deps: server.device(),
    me: { account, device: patient.device, signer: patient.signer },
    directory: {
      historyOf,
      load: (of: Uint8Array) => Promise.resolve(historyOf(of)),
      fetch: (of: Uint8Array) => Promise.resolve(historyOf(of)),
    },
    catchUp: { tails: () => Promise.resolve() },
    privateRecords: { put: () => Promise.resolve() },
    changed: () => undefined,
  } as unknown as ChangeContext;
  const record = { secret, inviter, title: "Dra. Ruiz" };
  const ended = await codeOf(() => joinByInvitation(context, record));
  return { ended, sent: sent.length };
}

test("I3 an invitation as its link says is accepted with one bundle (control)", async () => {
  expect(await accept({})).toEqual({ ended: "none", sent: 1 });
});

test("I3 a conversation of somebody else than the link names is not joined", async () => {
  const ended = "invitation_mismatch";
  expect(await accept({}, stranger.account)).toEqual({ ended, sent: 0 });
});

test("I3 C4 behind a bundle that does not verify nothing is joined, and the cause is said", async () => {
  const forged = { ...genesis, signature: flipped(genesis.signature) };
  expect(await accept({ bundles: [forged] })).toEqual({ ended: "bundle_refused", sent: 0 });
  const other = await newCare("join, another");
  const foreign = deliver(other.created.upload, invite.id);
  const { sent } = await accept({ bundles: [genesis, foreign] });
  expect(sent).toBe(0);
});

test("I6 without a conversation, or without a bundle of it, there is nothing to join", async () => {
  const { ended, sent } = await accept({ claimed: null });
  expect([ended, sent]).toEqual([expect.stringContaining("not_found"), 0]);
  expect(await accept({ bundles: [] })).toEqual({ ended: "bundle_gap", sent: 0 });
});
