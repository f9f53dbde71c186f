import { expect, test } from "vitest";
import {
  type BundleUpload,
  bundleHash,
  decodeBundleCore,
} from "../../../../workers/protocol/bundle.ts";
import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import {
  decodeConversationUp,
  encodeConversationDown,
} from "../../../../workers/protocol/frames.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { acceptBuilt, createConversation } from "../../../core/conversation/changes.ts";
import { inviteKeys, pendingEntry } from "../../../core/invitation/keys.ts";
import { decodeLink } from "../../../core/invitation/link.ts";
import { NOW, authorOf, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import type { PrivateRecord } from "../../../core/private-state/records.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { type ChangeContext, createChanges } from "./changes.ts";

const suite = seededSuite("changes");
const person = await newPerson(suite);

/** Making a conversation, with each effect written down; `fails` is the one that does not succeed. */
async function create(fails: "put" | "createConversation" | null) {
  const effects: string[] = [];
  let kept: PrivateRecord | null = null;
  const act = async (what: string) => {
    effects.push(what);
    if (what === fails) throw new Error(`${what} failed`);
    await Promise.resolve();
  };
  const context = {
    deps: {
      suite,
      now: () => 1_790_000_000_000,
      api: {
        async call(name: string) {
          await act(name);
          return { seq: 1, at: 1 };
        },
      },
      store: { write: () => act("store") },
    },
    me: { account: person.account, device: person.device, signer: person.signer },
    directory: { load: () => Promise.resolve(person.history), historyOf: () => person.history },
    library: { keep: () => undefined },
    privateRecords: {
      find: () => undefined,
      async put(record: PrivateRecord) {
        await act("put");
        kept = record;
      },
    },
    origin: "https://thyme.test",
    changed: () => undefined,
  } as unknown as ChangeContext;
  const made = await createChanges(context)
    .create("Ana")
    .catch(() => null);
  return { effects, made, kept: kept as PrivateRecord | null };
}

test("A3 the secret is in private state before the bundle is sent, and the link is given out last", async () => {
  const { effects, made, kept } = await create(null);
  expect(effects).toEqual(["put", "createConversation", "store"]);
  const link = decodeLink(new URL(made?.link ?? "").hash.slice(1));
  expect(kept?.kind === "conversation" && kept.invite?.secret).toEqual(link.secret);
});

test("A3 a secret that was not kept, or a bundle that was not taken, leads to no link", async () => {
  expect(await create("put")).toMatchObject({ effects: ["put"], made: null });
  expect(await create("createConversation")).toMatchObject({
    effects: ["put", "createConversation"],
    made: null,
  });
});

const HOUR = 3_600_000;

/** What the owner's device sends of its own accord about a conversation whose invitation ends at `expiry`. */
async function caughtUpAt(now: number, isOwner = true) {
  const other = await newPerson(suite);
  const keys = inviteKeys(new Uint8Array(32).fill(7));
  const entry = pendingEntry(keys, NOW);
  const created = await createConversation(suite, authorOf(person), [entry], NOW);
  const conversation = acceptBuilt(null, created);
  const sent: BundleUpload[] = [];
  /** what else it does */
  const effects: string[] = [];
  const me = isOwner ? person : other;
  const context = {
    deps: {
      suite,
      now: () => now,
      api: {
        call(_: string, { body }: { body: { frames: string[] } }) {
          for (const text of body.frames) {
            const frame = decodeConversationUp(fromBase64url(text));
            if (frame.t === "bundle") sent.push(frame.bundle);
          }
          const accepted = sent.map((upload, i) =>
            encodeConversationDown({
              t: "accepted",
              n: i + 1,
              hash: bundleHash(upload.core),
              seq: i + 2,
              at: now,
            }),
          );
          return Promise.resolve({ frames: accepted.map(toBase64url) });
        },
      },
      store: memoryStore(),
    },
    me: { account: me.account, device: me.device, signer: me.signer },
    directory: { load: () => Promise.resolve(me.history), historyOf: () => me.history },
    library: {
      chain: () => Promise.resolve({ conversation, seqs: [1] }),
      record: () => Promise.resolve({ title: "Ana" }),
    },
    catchUp: { newer: () => Promise.resolve() },
    privateRecords: {
      find: () => undefined,
      put: (record: PrivateRecord) => Promise.resolve(void effects.push(record.kind)),
    },
    changed: () => effects.push("changed"),
  } as unknown as ChangeContext;
  await createChanges(context).withdrawExpired(conversationIdText(conversation.id));
  return [...sent.map(({ core }) => decodeBundleCore(core).change.kind), ...effects];
}

test("I4 the owner's device withdraws an invitation that has expired, and no other does", async () => {
  const { expiry } = pendingEntry(inviteKeys(new Uint8Array(32).fill(7)), NOW);
  expect(await caughtUpAt(expiry + HOUR)).toEqual(["withdraw", "conversation", "changed"]);
  expect(await caughtUpAt(expiry)).toEqual([]);
  expect(await caughtUpAt(expiry + HOUR, false)).toEqual([]);
});
