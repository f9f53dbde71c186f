import { expect, test } from "vitest";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import type { ManifestHistory } from "../../../core/account/history.ts";
import type { Conversation } from "../../../core/conversation/state.ts";
import { codeOf } from "../../../core/people.test-kit.ts";
import type { Library } from "../conversation/library.ts";
import { authorOf } from "./author.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";
import { sendingAs } from "./sending-as.ts";

const { owner, together } = await newCare("author");
// Of an identity and a directory only what signing asks for.
const me = {
  account: owner.account,
  device: owner.device,
  signer: owner.signer,
} as unknown as Identity;
const holding = (history: ManifestHistory | undefined) =>
  ({ load: () => Promise.resolve(history) }) as unknown as Directory;
const keeping = (conversation: Conversation | null) =>
  ({ chain: () => Promise.resolve({ conversation, seqs: [1, 2] }) }) as unknown as Library;

const id = conversationIdText(together.id);
const sending = (conversation: Conversation | null, history: ManifestHistory | undefined) =>
  codeOf(() => sendingAs(keeping(conversation), holding(history), me, id));

test("C8 nothing is authored without a manifest of one's own", async () => {
  expect((await authorOf(me, holding(owner.history))).device).toEqual(owner.device.id);
  expect(await codeOf(() => authorOf(me, holding(undefined)))).toBe("manifest_needed");
});

test("M7 nothing is sealed without a bundle, without the newest epoch's secret, or without a manifest", async () => {
  expect(await sending(together, owner.history)).toBe("none");
  expect(await sending(null, owner.history)).toBe("bundle_gap");
  expect(await sending(together, undefined)).toBe("bundle_gap");
  const older = new Map([...together.epochs].filter(([n]) => n === 0));
  expect(await sending({ ...together, epochs: older }, owner.history)).toBe("bundle_gap");
});
