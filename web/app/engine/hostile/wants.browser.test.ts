import { afterEach, describe, expect, test } from "vitest";
import type { BundleUpload } from "../../../../workers/protocol/bundle.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import type { LogItem } from "../../../../workers/protocol/frames.ts";
import { forged } from "../../../core/conversation/care.test-kit.ts";
import { acceptBuilt, inviteToConversation } from "../../../core/conversation/changes.ts";
import type { Conversation } from "../../../core/conversation/state.ts";
import { pinOf } from "../../../core/account/history.ts";
import { newDevice } from "../../../core/account/device.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../../../core/invitation/keys.ts";
import { epochOf, send, senderOf, write } from "../../../core/messages/room.test-kit.ts";
import { sealEnvelope } from "../../../core/messages/seal.ts";
import {
  NOW,
  type Person,
  authorOf,
  changed,
  deliver,
  flipped,
  newestOf,
} from "../../../core/people.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { baselineOf } from "../log/baseline.ts";
import { type Served, type Tab, logOf, openTab, senderOf as sending } from "../device.test-kit.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";
import type { FailedKind, WantCode } from "../store/standstill.ts";

const talk = await newTalk("wants");
const { room, messages } = talk;
const { owner, patient, suite, together } = room;

const invited = (state: Conversation, peer: Person = patient) =>
  inviteToConversation(
    suite,
    authorOf(owner),
    state,
    newestOf(peer),
    pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW),
    NOW,
  );

/** What comes to place 6 of an honest server: bundle 2, and a message under it. */
const next = await invited(together);
const rotated = acceptBuilt(together, next);
const after = await invited(rotated);
const four = write(room, patient, "four", messages[2] ?? null);
const underNext = await sealEnvelope(suite.random, senderOf(patient), epochOf(rotated), four);
const patientTwo = await changed(suite, patient, { addDevice: newDevice(suite.random) });
const namesTwo = await invited(together, patientTwo);

function serve(...more: (BundleUpload | Uint8Array)[]) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  for (const one of more) {
    if (one instanceof Uint8Array) server.envelope(one);
    else server.bundle(one);
  }
  const served: Served = { server, people: [patient] };
  return served;
}
const tab = (served: Served): Promise<Tab> => openTab(owner, together.id, served);

afterEach(forgetDevice);

const HONEST = ["create", "join", "one", "two", "three"];
const deliveryOf = (upload: BundleUpload) => deliver(upload, owner.account);
const itemOf = (bundle: ReturnType<typeof deliver>): LogItem => ({ seq: 6, at: 6, bundle });

/** How many messages go out of this tab when it may send. */
async function sent(here: Tab): Promise<number> {
  await here.outbox.add(here.id, { kind: "text", text: "mine" });
  let count = 0;
  const transmit: Parameters<typeof sending>[1] = async (_, envelopes) => {
    count += envelopes.length;
    return envelopes.map(() => ({ type: "unanswered" }));
  };
  await sending(here, transmit).flush(here.id);
  return count;
}

const injected: [string, ReturnType<typeof deliver>, WantCode, FailedKind | null][] = [
  [
    "bytes that are no core",
    { ...deliveryOf(next.upload), core: new Uint8Array([0xa0]) },
    "bundle",
    "bundle",
  ],
  [
    "a bundle whose signature does not verify",
    { ...deliveryOf(next.upload), signature: flipped(next.upload.signature) },
    "bundle",
    "bundle",
  ],
  [
    "a change that its author may not make",
    await forged(patient, deliveryOf(next.upload), (core) => ({
      ...core,
      author: { account: patient.account, device: patient.device.id, manifestVersion: 1 },
    })),
    "bundle",
    "bundle",
  ],
  ["a bundle whose predecessor is withheld", deliveryOf(after.upload), "bundle", null],
  [
    "a bundle that names a manifest which is not shown",
    deliveryOf(namesTwo.upload),
    "manifest",
    null,
  ],
  [
    "unsigned bytes at an n that is held",
    { ...deliveryOf(room.joined.upload), core: flipped(room.joined.upload.core, 200) },
    "bundle",
    "bundle",
  ],
  ["the bundle of another place", deliveryOf(room.joined.upload), "bundle", "bundle"],
];

describe("C5 what does not verify is wanted, and a valid bundle in its place ends it", () => {
  test.each(injected)("C5 injected: %s", async (_, bundle, code, failed) => {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    served.tampers = (items) => [...items.slice(0, 5), itemOf(bundle)];
    expect(await here.receiver.forward(here.id, [itemOf(bundle)], "live")).toBe("wanting");
    await here.catchUp.askAgain(here.id);
    const failures = failed === null ? [] : [{ kind: failed, at: NOW }];
    expect(await here.record()).toMatchObject({
      blocked: { kind: "want", code, since: NOW },
      failures,
      cursor: 5,
    });
    expect([await sent(here), await here.shown()]).toEqual([0, HONEST]);
    // The next contact is with an honest server.
    served.tampers = undefined;
    served.server.bundle(next.upload);
    served.server.envelope(underNext);
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual([...HONEST, "invite", "four"]);
    expect(await here.record()).toMatchObject({ blocked: null, failures, cursor: 7, head: 2 });
    expect(await sent(here)).toBeGreaterThan(0);
  });

  test("C5 the next item ends it as well, where it is what the server has there", async () => {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    const bad = itemOf({ ...deliveryOf(next.upload), core: new Uint8Array([0xa0]) });
    await here.receiver.forward(here.id, [bad], "live");
    const said = await send(room, patient, four);
    const outcome = await here.receiver.forward(
      here.id,
      [{ seq: 6, at: 6, envelope: said }],
      "live",
    );
    expect([outcome, (await here.record()).blocked]).toEqual(["stored", null]);
    expect(await here.shown()).toEqual([...HONEST, "four"]);
  });

  test("C5 a server that shows nothing of it any more ends it, and what came is told", async () => {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    await here.receiver.forward(here.id, [itemOf(injected[1]![1])], "live");
    await here.catchUp.askAgain(here.id);
    expect(await here.record()).toMatchObject({ blocked: null, failures: [{ kind: "bundle" }] });
  });

  test("C5 two lawful and signed cores at one n are proof: nothing heals that (control)", async () => {
    const twin = await invited(together);
    const served = serve(next.upload);
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    const item: LogItem = { seq: 7, at: 7, bundle: deliveryOf(twin.upload) };
    expect(await here.receiver.forward(here.id, [item], "live")).toBe("blocked");
    served.server.envelope(underNext);
    await here.catchUp.askAgain(here.id);
    await here.catchUp.newer(here.id);
    expect((await here.record()).blocked).toEqual({ kind: "proof", code: "fork" });
    expect(await sent(here)).toBe(0);
  });

  test("C5 a message under a bundle that is withheld stops sending until the bundle is shown", async () => {
    const served = serve(next.upload, underNext);
    const here = await tab(served);
    served.tampers = (items) => items.filter(({ seq }) => seq !== 6);
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual([...HONEST, "bundle_withheld"]);
    expect((await here.record()).blocked).toMatchObject({ kind: "want", code: "bundle" });
    await here.catchUp.askAgain(here.id);
    expect((await here.record()).blocked).toMatchObject({ kind: "want", code: "bundle" });
    served.tampers = undefined;
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual([...HONEST, "invite", "four"]);
    expect(await here.record()).toMatchObject({ blocked: null, retryable: 0, missed: [] });
  });
});

describe("C5, C7 a share", () => {
  const tampered: [string, (bundle: ReturnType<typeof deliver>) => ReturnType<typeof deliver>][] = [
    ["withheld", (bundle) => ({ ...bundle, share: null })],
    ["altered", (bundle) => ({ ...bundle, share: bundle.share && flipped(bundle.share) })],
    [
      "a seal altered",
      (bundle) => ({
        ...bundle,
        seals: bundle.seals.map((one) => ({ ...one, seal: flipped(one.seal) })),
      }),
    ],
  ];
  test.each(tampered)(
    "C5, C7 once %s: sending stops, the log is read on, and it is asked for again",
    async (name, tamper) => {
      const served = serve(next.upload, underNext);
      const here = await tab(served);
      served.tampers = (items) =>
        items.map((item) =>
          "bundle" in item && item.seq === 6 ? { ...item, bundle: tamper(item.bundle) } : item,
        );
      await here.catchUp.newer(here.id);
      expect(await here.shown()).toEqual([...HONEST, "invite", "no_key"]);
      expect(await here.record()).toMatchObject({
        blocked: { kind: "want", code: "share", since: NOW },
        failures: name === "withheld" ? [] : [{ kind: "share" }],
        cursor: 7,
      });
      await here.catchUp.askAgain(here.id);
      expect([(await here.record()).blocked?.kind, await sent(here)]).toEqual(["want", 0]);
      served.tampers = undefined;
      await here.catchUp.askAgain(here.id);
      expect(await here.shown()).toEqual([...HONEST, "invite", "four"]);
      expect(await here.record()).toMatchObject({ blocked: null, retryable: 0 });
      expect(await sent(here)).toBeGreaterThan(0);
    },
  );
});

describe("C5, C8 a manifest", () => {
  test("C5 a manifest that lags once is wanted, and comes", async () => {
    const served = serve(namesTwo.upload);
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    expect((await here.record()).blocked).toMatchObject({ kind: "want", code: "manifest" });
    expect([await here.shown(), await sent(here)]).toEqual([HONEST, 0]);
    served.people = [patientTwo];
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual([...HONEST, "invite"]);
    expect((await here.record()).blocked).toBeNull();
  });

  test("C5, K6 a pin above what is shown is a want first: it ends when as much is shown", async () => {
    const pin = pinOf(patientTwo.history);
    const isPatient = (account: Uint8Array) => equalBytes(account, patient.account);
    const served: Served = { ...serve(), pinOf: (account) => (isPatient(account) ? pin : null) };
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    expect(await here.record()).toMatchObject({
      blocked: { kind: "want", code: "manifest", since: NOW },
      failures: [],
    });
    expect(await here.shown()).toEqual(["create"]);
    served.people = [patientTwo];
    await here.catchUp.askAgain(here.id);
    expect([await here.shown(), (await here.record()).blocked]).toEqual([HONEST, null]);
  });

  test("C5, K6 a forged manifest is refused, wanted and told; the true one ends it", async () => {
    const served = serve(namesTwo.upload);
    const here = await tab(served);
    const [first, second] = patientTwo.chain;
    const bad = { core: second!.core, signature: flipped(second!.signature) };
    served.people = [{ ...patientTwo, chain: [first!, bad] }];
    await here.catchUp.newer(here.id);
    expect(await here.record()).toMatchObject({
      blocked: { kind: "want", code: "manifest" },
      failures: [{ kind: "manifest" }],
    });
    served.people = [patientTwo];
    await here.catchUp.askAgain(here.id);
    expect((await here.record()).blocked).toBeNull();
  });

  test("C5, C8, M9 a peer's new device before its manifest is a placeholder, which opens at the next contact", async () => {
    const device = patientTwo.history.manifests[1]!.core.devices.at(-1)!;
    const two = { ...patient, device: newDevice(suite.random) };
    const withTwo = await changed(suite, patient, { addDevice: two.device });
    expect(device).toBeDefined();
    const signer = await suite.ed25519.signer(two.device.signSeed);
    const said = write(room, two, "from my desk");
    const sender = { ...senderOf(two, 2), signer };
    const envelope = await sealEnvelope(suite.random, sender, epochOf(together), said);
    const served = serve(envelope);
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    expect(await here.shown()).toEqual([...HONEST, "manifest_needed"]);
    expect((await here.record()).blocked).toBeNull();
    served.people = [withTwo];
    await here.catchUp.askAgain(here.id);
    expect(await here.shown()).toEqual([...HONEST, "from my desk"]);
    expect(await here.record()).toMatchObject({ retryable: 0, missed: [], unread: 4 });
  });
});

describe("C5, M6 what the server says beside the log, which nobody signs", () => {
  const claims: [string, NonNullable<Served["claims"]>][] = [
    ["another head", { head: { n: 1, hash: new Uint8Array(32) } }],
    ["an older head", { head: { n: 0, hash: room.created.checked.hash } }],
    ["a number of this device that it never gave", { deviceSeq: 9 }],
    ["a log that ends earlier", { lastSeq: 3 }],
  ];
  test.each(claims)("C5 %s stops sending until it is not said any more", async (_, claim) => {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    served.claims = claim;
    const baseline = (await baselineOf(here.deps, here.library, here.id))!;
    const honest = { head: { n: 1, hash: room.joined.checked.hash }, lastSeq: 5, deviceSeq: 0 };
    const said = { ...honest, received: [], receipts: [] };
    expect(await here.catchUp.judge(here.id, baseline, { ...said, ...claim })).toBe(false);
    const wanting = { blocked: { kind: "want", code: "log" }, failures: [{ kind: "log" }] };
    expect(await here.record()).toMatchObject(wanting);
    await here.catchUp.askAgain(here.id);
    expect(await here.record()).toMatchObject(wanting);
    expect([await sent(here), await here.shown()]).toEqual([0, HONEST]);
    served.claims = undefined;
    await here.catchUp.askAgain(here.id);
    expect((await here.record()).blocked).toBeNull();
    expect(await sent(here)).toBeGreaterThan(0);
  });

  test("C5 an honest server ends no want of its own accord (control)", async () => {
    const served = serve();
    const here = await tab(served);
    await here.catchUp.newer(here.id);
    const before = await here.record();
    await here.catchUp.askAgain(here.id);
    expect(await here.record()).toEqual(before);
    expect(logOf(served, owner)).toHaveLength(5);
  });
});
