import { expect, test } from "vitest";
import { type BundleUpload, bundleHash } from "../../../../workers/protocol/bundle.ts";
import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { ErrorCode } from "../../../../workers/protocol/errors.ts";
import {
  decodeConversationUp,
  encodeConversationDown,
} from "../../../../workers/protocol/frames.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import {
  acceptBuilt,
  createConversation,
  inviteToConversation,
} from "../../../core/conversation/changes.ts";
import type { BuiltBundle } from "../../../core/conversation/build.ts";
import { headOf } from "../../../core/account/history.ts";
import { inviteKeys, pendingEntry } from "../../../core/invitation/keys.ts";
import { NOW, authorOf, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { changeConversation } from "./change-conversation.ts";
import { dropPrepared, keepPrepared } from "./prepared-bundle.ts";

const suite = seededSuite("prepared bundles");
const owner = await newPerson(suite);

/** What the server does with a bundle that it is sent. */
type Deed =
  | "takes it"
  | "takes it, and no answer comes"
  | "takes it, and says nothing of it"
  | "is out of reach"
  | ErrorCode;

/** One conversation of an owner who invites, at a server that does these things one after another. */
async function begun(deeds: Deed[]) {
  const created = await createConversation(suite, authorOf(owner), [], NOW);
  const id = conversationIdText(created.checked.core.conversation);
  let state = acceptBuilt(null, created);
  const built = new Map<string, BuiltBundle>();
  const sent: BundleUpload[] = [];
  const take = (upload: BundleUpload): void => {
    const mine = built.get(toBase64url(bundleHash(upload.core)));
    if (mine) state = acceptBuilt(state, mine);
  };
  const answer = (upload: BundleUpload): { frames: string[] } => {
    const deed = deeds.shift() ?? "takes it";
    const hash = bundleHash(upload.core);
    switch (deed) {
      case "takes it":
        take(upload);
        return {
          frames: [
            toBase64url(
              encodeConversationDown({ t: "accepted", n: sent.length, hash, seq: 2, at: NOW }),
            ),
          ],
        };
      case "takes it, and no answer comes":
        take(upload);
        throw new PlatformError("offline");
      case "takes it, and says nothing of it":
        take(upload);
        return { frames: [] };
      case "is out of reach":
        throw new PlatformError("offline");
      default:
        return {
          frames: [toBase64url(encodeConversationDown({ t: "refused", ref: hash, error: deed }))],
        };
    }
  };
  const api = {
    call(_: string, { body }: { body: { frames: string[] } }) {
      const [frame] = body.frames.map((text) => decodeConversationUp(fromBase64url(text)));
      if (frame?.t !== "bundle") throw new Error("no bundle");
      sent.push(frame.bundle);
      return Promise.resolve().then(() => answer(frame.bundle));
    },
  };
  const deps = { api, suite, store: memoryStore(), now: () => NOW } as unknown as Deps;
  let invitations = 0;
  const scene = {
    /** what another tab does before this one looks at the newest bundles */
    beside: () => Promise.resolve(),
  };
  /** as the app after each start: nothing but its store is left */
  const invite = () =>
    changeConversation(
      deps,
      id,
      async () => {
        await scene.beside();
        return state;
      },
      async (head) => {
        invitations += 1;
        const secret = new Uint8Array(32).fill(invitations);
        const entry = pendingEntry(inviteKeys(secret), NOW);
        const newest = () => headOf(owner.history);
        const made = await inviteToConversation(suite, authorOf(owner), head, newest, entry, NOW);
        built.set(toBase64url(made.checked.hash), made);
        return made;
      },
    );
  const hashes = () => sent.map(({ core }) => toBase64url(bundleHash(core)));
  return { scene, deps, id, invite, hashes, sent, head: () => state.bundles.length - 1 };
}

test("A2 a bundle that got no answer is sent again byte for byte, and nothing else in its place", async () => {
  const { invite, sent, head } = await begun(["is out of reach"]);
  await expect(invite()).rejects.toThrow(PlatformError);
  await invite();
  // First the one of before; then, in the next place, the one that was asked for now.
  expect(sent).toHaveLength(3);
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[2]?.core).not.toEqual(sent[0]?.core);
  expect(head()).toBe(2);
});

test("A2 a bundle that was taken without an answer is sent no more", async () => {
  const { invite, hashes, head } = await begun(["takes it, and no answer comes"]);
  await expect(invite()).rejects.toThrow(PlatformError);
  await invite();
  expect(new Set(hashes()).size).toBe(2);
  expect(hashes()).toHaveLength(2);
  expect(head()).toBe(2);
});

test("A2, C3 what is refused for good is forgotten, and what lost the race is built anew", async () => {
  const lost = await begun(["stale_epoch"]);
  await lost.invite();
  expect(new Set(lost.hashes()).size).toBe(2);
  expect(lost.head()).toBe(1);
  const refused = await begun(["bundle_refused"]);
  await expect(refused.invite()).rejects.toMatchObject({ code: "bundle_refused" });
  await refused.invite();
  expect(new Set(refused.hashes()).size).toBe(2);
  // A server in trouble may have taken it, or may yet: those bytes and no others (positive control).
  const busy = await begun(["unavailable"]);
  await expect(busy.invite()).rejects.toMatchObject({ code: "unavailable" });
  await busy.invite();
  expect(busy.sent[1]).toEqual(busy.sent[0]);
});

test("A2 a bundle that was taken without a word is found where it stands, and not made twice", async () => {
  const { invite, sent, head } = await begun(["takes it, and says nothing of it"]);
  await invite();
  expect([sent.length, head()]).toEqual([1, 1]);
});

test("A2 what another tab of this device sent is not taken for what was asked for here", async () => {
  const { scene, deps, id, invite, hashes, sent, head } = await begun([
    "is out of reach",
    "stale_epoch",
  ]);
  await expect(invite()).rejects.toThrow(PlatformError);
  const [theirs] = sent;
  if (!theirs) throw new RangeError("nothing was sent");
  await dropPrepared(deps, id);
  let looks = 0;
  scene.beside = async () => {
    // After this tab's first bundle lost the race.
    if (++looks === 2) await keepPrepared(deps, id, theirs);
  };
  await invite();
  expect(head()).toBe(2);
  const [first, lost, again, last] = hashes();
  expect(again).toBe(first);
  expect([first, lost]).not.toContain(last);
});
