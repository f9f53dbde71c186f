import { expect, test } from "vitest";
import { type BundleUpload, bundleHash } from "../../../../workers/protocol/bundle.ts";
import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { type ErrorCode } from "../../../../workers/protocol/errors.ts";
import {
  type ConversationDown,
  decodeConversationUp,
  encodeConversationDown,
} from "../../../../workers/protocol/frames.ts";
import { accountIdText, conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newDevice } from "../../../core/account/device.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { inviteToConversation } from "../../../core/conversation/changes.ts";
import type { Conversation } from "../../../core/conversation/state.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../../../core/invitation/keys.ts";
import { NOW, authorOf, changed, codeOf, newestOf } from "../../../core/people.test-kit.ts";
import type { Directory } from "../account/directory.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { changeConversation } from "./change-conversation.ts";
import { type ChangeContext, createChanges, loadRoster } from "./changes.ts";

const { owner, patient, suite, together } = await newCare("refused changes");
const id = conversationIdText(together.id);
const entry = pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);

type Answer = (sent: BundleUpload, time: number) => ConversationDown[];

/** One change of the owner's at a server that answers so: how it ends, and how often it was sent. */
async function change(answer: Answer) {
  let sent = 0;
  const call = (_: string, { body }: { body: { frames: string[] } }) => {
    const frames = body.frames.flatMap((text) => {
      const frame = decodeConversationUp(fromBase64url(text));
      if (frame.t !== "bundle") throw new TypeError(frame.t);
      sent += 1;
      return answer(frame.bundle, sent).map((one) => toBase64url(encodeConversationDown(one)));
    });
    return Promise.resolve({ frames });
  };
  const deps = { api: { call }, store: memoryStore() } as unknown as Deps;
  const build = (state: Conversation) =>
    inviteToConversation(suite, authorOf(owner), state, newestOf(patient), entry, NOW);
  const ended = await codeOf(() =>
    changeConversation(deps, id, () => Promise.resolve(together), build),
  );
  return { ended, sent };
}

const hashOf = ({ core }: BundleUpload) => bundleHash(core);
const taken: Answer = (bundle) => [{ t: "accepted", hash: hashOf(bundle), n: 2, seq: 3, at: 1 }];
const refused =
  (error: ErrorCode): Answer =>
  (bundle) => [{ t: "refused", ref: hashOf(bundle), error }];

test("C3 a change that is taken is sent once; one that lost the race is built again", async () => {
  expect(await change(taken)).toEqual({ ended: "none", sent: 1 });
  const second: Answer = (bundle, time) =>
    time === 1 ? refused("stale_epoch")(bundle, time) : taken(bundle, time);
  expect(await change(second)).toEqual({ ended: "none", sent: 2 });
});

test("C3 a change that is refused for another reason is not sent again", async () => {
  const { ended, sent } = await change(refused("bundle_refused"));
  expect([ended, sent]).toEqual([expect.stringContaining("bundle_refused"), 1]);
});

test("C3 a conversation that keeps changing, or a server that says nothing, ends after six tries", async () => {
  for (const answer of [refused("stale_epoch"), () => []]) {
    const { ended, sent } = await change(answer);
    expect([ended, sent]).toEqual([expect.stringContaining("unavailable"), 6]);
  }
});

test("C8 of a roster the manifests are fetched that are older than it names, never the own account's", async () => {
  const newer = await changed(suite, patient, { addDevice: newDevice(suite.random) });
  const asking = async (held: typeof patient | null, state = together) => {
    const asked: string[] = [];
    const directory = {
      load: (account: Uint8Array) =>
        Promise.resolve(
          accountIdText(account) === accountIdText(patient.account) ? held?.history : undefined,
        ),
      fetch: (account: Uint8Array) => Promise.resolve(void asked.push(accountIdText(account))),
    } as unknown as Directory;
    await loadRoster(directory, id, state, owner.account);
    return asked;
  };
  const named = accountIdText(patient.account);
  expect(await asking(patient)).toEqual([]);
  expect(await asking(newer)).toEqual([]);
  expect(await asking(null)).toEqual([named]);
  const head = together.bundles.at(-1)!;
  const roster = head.core.roster.map((one) => ({
    ...one,
    manifest: { ...one.manifest, version: 2 },
  }));
  const ahead = { ...together, bundles: [{ ...head, core: { ...head.core, roster } }] };
  expect(await asking(patient, ahead)).toEqual([named]);
});

test("nothing is changed where there is no conversation, no record, or no invitation", async () => {
  const context = (record: object | null) =>
    ({
      deps: { suite, now: () => NOW },
      me: owner,
      library: {
        chain: () => Promise.resolve({ conversation: null, seqs: [] }),
        record: () => Promise.resolve(record),
      },
      catchUp: { newer: () => Promise.resolve() },
      privateRecords: { find: () => null, put: () => Promise.resolve() },
      changed: () => undefined,
    }) as unknown as ChangeContext;
  const nothing = createChanges(context(null));
  expect(await codeOf(() => nothing.inviteAgain(id))).toContain("not_found");
  expect(await codeOf(() => nothing.withdraw(id))).toContain("not_found");
  expect(await codeOf(() => nothing.withdrawExpired(id))).toBe("none");
  const uninvited = createChanges(context({ invitation: null, title: "Ana" }));
  expect(await codeOf(() => uninvited.withdraw(id))).toContain("not_found");
  expect(await codeOf(() => uninvited.inviteAgain(id))).toBe("bundle_gap");
});
