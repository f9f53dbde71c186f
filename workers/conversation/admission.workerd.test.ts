import { evictDurableObject } from "cloudflare:test";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test, vi } from "vitest";
import { inviteBundle } from "../protocol/bundle.test-kit.ts";
import type { BundleCore } from "../protocol/bundle.ts";
import { LIMITS } from "../protocol/limits.ts";
import {
  Writer,
  down,
  freshInvite,
  open,
  sayBundle,
  seedPair,
  withDeps,
} from "./scene.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

type Change = (core: BundleCore) => BundleCore;
const REFUSED: readonly (readonly [string, Change])[] = [
  [
    "C3 another device as author",
    (c) => ({ ...c, author: { ...c.author, device: randomBytes(32) } }),
  ],
  [
    "C3 another account as author",
    (c) => ({ ...c, author: { ...c.author, account: randomBytes(32) } }),
  ],
  [
    "C8 a manifest version that is not there",
    (c) => ({ ...c, author: { ...c.author, manifestVersion: 7 } }),
  ],
  [
    "C8 a roster manifest that is not there",
    (c) => ({
      ...c,
      roster: c.roster.map((e) => ({ ...e, manifest: { version: 2, hash: randomBytes(32) } })),
    }),
  ],
  [
    "C2 a bundle from the future",
    (c) => ({ ...c, time: Date.now() + LIMITS.clockSkewMs + 60_000 }),
  ],
  [
    "I4 an invitation that lives too long",
    (c) => ({
      ...c,
      pending: c.pending.map((p) => ({
        ...p,
        expiry: Date.now() + LIMITS.invitationMaxMs + 60_000,
      })),
    }),
  ],
  [
    "I4 an invitation that is over",
    (c) => ({ ...c, pending: c.pending.map((p) => ({ ...p, expiry: 1 })) }),
  ],
  ["C4 a roster that changes without a reason", (c) => ({ ...c, roster: c.roster.slice(0, 1) })],
  [
    "E7 a key that nobody should seal to",
    (c) => ({
      ...c,
      pending: c.pending.map((p) => ({ ...p, kemPub: new Uint8Array(1216).fill(255) })),
    }),
  ],
];

describe("admission", () => {
  test.each(REFUSED)("%s is refused, and its envelopes with it", async (_, alter) => {
    const pair = await seedPair();
    const { owner, head } = pair;
    const socket = await open(owner, pair);
    const bundle = inviteBundle(owner.author, head, freshInvite(), alter);
    const envelope = owner.write(bundle);
    sayBundle(socket, bundle, envelope);
    await socket.until(() => socket.all("refused").length === 2, "refusals");
    expect(socket.all("refused")).toMatchObject([
      { ref: bundle.hash, error: "bundle_refused" },
      { ref: envelope.header.messageId, error: "stale_epoch" },
    ]);
    // The positive control: the same without the change.
    const good = inviteBundle(owner.author, head, freshInvite());
    sayBundle(socket, good);
    await socket.next("accepted");
  });

  test("C2 seals, share and signature that are not those of the core are refused", async () => {
    const pair = await seedPair();
    const { owner, head } = pair;
    const socket = await open(owner, pair);
    const good = inviteBundle(owner.author, head, freshInvite());
    const { upload } = good;
    for (const change of [
      { seals: upload.seals.toReversed() },
      { share: randomBytes(32) },
      { signature: randomBytes(64) },
      { inviteSignature: upload.signature },
      { grants: [] },
    ]) {
      socket.say({ t: "bundle", bundle: { ...upload, ...change }, envelopes: [] });
      expect((await socket.next("refused")).error).toBe("bundle_refused");
    }
    sayBundle(socket, good);
    await socket.next("accepted");
  });

  test("C4 only the owner invites", async () => {
    const pair = await seedPair();
    const socket = await open(pair.patient, pair);
    sayBundle(socket, inviteBundle(pair.patient.author, pair.head, freshInvite()));
    expect((await socket.next("refused")).error).toBe("bundle_refused");
  });

  test("R2 or D1 down: bundles are unavailable, text goes on, and the same bytes are accepted later", async () => {
    const pair = await seedPair();
    const { owner, head } = pair;
    const socket = await open(owner, pair);
    const bundle = inviteBundle(owner.author, head, freshInvite());
    const first = owner.write(bundle);
    for (const broken of ["shares", "manifest"] as const) {
      const heal = await withDeps(pair, ({ shares }) =>
        broken === "shares" ? { shares: { ...shares, put: down } } : { manifest: down },
      );
      sayBundle(socket, bundle, first);
      await socket.until(
        () => socket.all("refused").length % 2 === 0 && socket.all("refused").length > 0,
        "2",
      );
      const last = socket.all("refused").slice(-2);
      expect(last.map(({ error }) => error)).toEqual(["unavailable", "unavailable"]);
      await heal();
      socket.frames.length = 0;
    }
    const text = new Writer(pair.patient.person);
    const other = await open(text, pair);
    other.send(text.write(head));
    await other.untilAcked(1);
    const again = await open(owner, pair);
    sayBundle(again, bundle, first);
    await again.next("accepted");
    await again.untilAcked(1);
  });

  test("C7 a reader is not told that a share is erased because R2 is down", async () => {
    const pair = await seedPair();
    const { owner, stub } = pair;
    await evictDurableObject(stub);
    const heal = await withDeps(pair, ({ shares }) => ({ shares: { ...shares, get: down } }));
    const socket = await open(owner, pair);
    socket.say({ t: "hello", v: 1, cursor: 0 });
    expect((await socket.next("refused")).error).toBe("unavailable");
    await heal();
    await socket.hello(0);
    await socket.untilItems(2);
    const shares = socket.items.map((item) => ("bundle" in item ? item.bundle.share : null));
    expect(shares).toEqual([pair.genesis.upload.share, pair.head.upload.share]);
  });
});
