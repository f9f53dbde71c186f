import { expect, test } from "vitest";
import { decodeBundleCore } from "../../../../workers/protocol/bundle.ts";
import { bundleHash } from "../../../../workers/protocol/bundle.ts";
import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { type LogItem, conversationUp } from "../../../../workers/protocol/frames.ts";
import { accountIdText, conversationIdText } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { NOW, deliver, flipped } from "../../../core/people.test-kit.ts";
import { createDirectory } from "../account/directory.ts";
import type { Identity } from "../account/identity.ts";
import { createLibrary } from "../conversation/library.ts";
import { scriptedApi } from "../device.test-kit.ts";
import type { ChangeContext } from "../membership/changes.ts";
import { createJoining } from "../membership/joining.ts";
import type { Deps } from "../store/deps.ts";
import { random } from "../store/local-store.test-kit.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { JOIN_KEY, joinRecord } from "../store/records.ts";

const care = await newCare("hostile to a join");
const { owner, patient, secret, created, invite } = care;
const id = conversationIdText(care.together.id);
const record = { secret, inviter: owner.account, title: "Ana" };

type Delivery = ReturnType<typeof deliver>;

/** The patient's device as it accepts the invitation, and a server that may tamper with what it shows. */
async function joiner() {
  const around = { tamper: (bundle: Delivery): Delivery => bundle, shows: true, joins: 0 };
  const api = scriptedApi({
    claim: () => ({ conversation: id }),
    bundles: () => {
      const bundle = around.tamper(deliver(created.upload, invite.id));
      const item: LogItem = { seq: 1, at: 1, bundle };
      return { items: [toBase64url(encodeCbor(item))], more: false };
    },
    manifests: () => ({
      manifests: around.shows ? owner.chain.map((one) => toBase64url(encodeCbor(one))) : [],
    }),
    frames: (_, __, body) => {
      const [sent] = (body as { frames: string[] }).frames;
      const frame = decodeCbor(fromBase64url(sent ?? ""), conversationUp, LIMITS.body);
      if (frame.t !== "bundle") throw new RangeError("no bundle");
      around.joins += 1;
      const { core } = frame.bundle;
      const n = decodeBundleCore(core).n;
      const accepted = { t: "accepted", hash: bundleHash(core), n, seq: 2, at: 2 };
      return { frames: [toBase64url(encodeCbor(accepted))] };
    },
  });
  const deps: Deps = {
    api,
    store: memoryStore(),
    suite: { random, ed25519: nobleEd25519 },
    now: () => NOW,
  };
  const directory = createDirectory(deps, { pinOf: () => null, pinned: () => undefined });
  await directory.adopt(patient.account, patient.chain);
  const me: Identity = {
    account: patient.account,
    id: accountIdText(patient.account),
    role: "patient",
    name: "",
    device: patient.device,
    signer: patient.signer,
    userKeys: patient.prepared.userKeys,
  };
  const context = {
    deps,
    me,
    directory,
    library: createLibrary(deps),
    catchUp: { tails: () => Promise.resolve() },
    privateRecords: { put: () => Promise.resolve() },
    origin: "",
    changed: () => undefined,
  } as unknown as ChangeContext;
  const joining = createJoining(deps.store);
  await deps.store.write(["state"], (writer) => writer.put("state", JOIN_KEY, joinRecord, record));
  const caughtUp = () => Promise.resolve();
  return {
    around,
    join: () => joining.join({ context, caughtUp }, record),
    resume: () => joining.resume({ context, caughtUp }),
    waits: async () => (await deps.store.read("state", JOIN_KEY, joinRecord)) !== null,
  };
}

test("I3 an honest server is joined at once, and the invitation forgotten (control)", async () => {
  const { around, join, waits } = await joiner();
  expect(await join()).toBe(id);
  expect([around.joins, await waits()]).toEqual([1, false]);
});

const tampered: [string, (bundle: Delivery) => Delivery][] = [
  ["a bundle badly signed", (one) => ({ ...one, signature: flipped(one.signature) })],
  ["bytes that are no core", (one) => ({ ...one, core: new Uint8Array([0xa0]) })],
  ["a seal withheld", (one) => ({ ...one, seals: [] })],
  [
    "a seal altered",
    (one) => ({ ...one, seals: one.seals.map((s) => ({ ...s, seal: flipped(s.seal) })) }),
  ],
];

test.each(tampered)(
  "C5, I3, I5 once shown %s, a device joins under nothing of it, and by an honest answer later",
  async (_, tamper) => {
    const { around, join, resume, waits } = await joiner();
    around.tamper = tamper;
    await expect(join()).rejects.toThrow();
    expect([around.joins, await waits()]).toEqual([0, true]);
    around.tamper = (one) => one;
    await resume();
    expect([around.joins, await waits()]).toEqual([1, false]);
  },
);

test("C5, C7 a share that is altered is not needed to join, and is asked for later", async () => {
  const { around, join } = await joiner();
  around.tamper = (one) => ({ ...one, share: one.share && flipped(one.share) });
  expect([await join(), around.joins]).toEqual([id, 1]);
});

test("C5, C8 a manifest withheld once is asked for again by the next try", async () => {
  const { around, join, resume, waits } = await joiner();
  around.shows = false;
  await expect(join()).rejects.toThrow();
  around.shows = true;
  await resume();
  expect([around.joins, await waits()]).toEqual([1, false]);
});
