import { expect, test } from "vitest";
import { pendingEntry, inviteKeys } from "../../../core/invitation/keys.ts";
import { nextManifest } from "../../../core/account/manifest.ts";
import { newDevice } from "../../../core/account/device.ts";
import { createConversation, inviteToConversation } from "../../../core/conversation/changes.ts";
import { acceptBuilt } from "../../../core/conversation/changes.ts";
import { newTalk } from "../../../core/sync/server.test-kit.ts";
import {
  NOW,
  authorOf,
  contextOf,
  newPerson,
  readerOf,
  seededSuite,
  unlockedOf,
} from "../../../core/people.test-kit.ts";
import { decodeManifestCore } from "../../../../workers/protocol/manifest.ts";
import { headOf } from "../../../core/account/history.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { createClock } from "../../../platform/clock.ts";
import { signingByClock } from "../account/signing-clock.ts";
import { understand } from "../log/understand.ts";
import type { Deps } from "../store/deps.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";

const suite = seededSuite("hostile time");
const owner = await newPerson(suite);
const HOUR = 3_600_000;

test("T1 a core and a manifest are never dated before what they follow, wherever the clock was set back to", async () => {
  const secret = new Uint8Array(32).fill(7);
  const entry = pendingEntry(inviteKeys(secret), NOW);
  const created = await createConversation(suite, authorOf(owner), [], NOW);
  const state = acceptBuilt(null, created);
  const newest = () => headOf(owner.history);
  for (const [now, dated] of [
    [NOW - 40 * HOUR, NOW],
    [NOW + 5, NOW + 5],
  ] as const) {
    const invited = await inviteToConversation(suite, authorOf(owner), state, newest, entry, now);
    expect(invited.checked.core.time).toBe(dated);
  }
  const before = headOf(owner.history);
  for (const ago of [40 * HOUR, -5]) {
    const now = before.core.time - ago;
    const next = await nextManifest(
      suite,
      before,
      unlockedOf(owner),
      { addDevice: newDevice(suite.random) },
      now,
    );
    expect(decodeManifestCore(next.signed.core).time).toBe(Math.max(now, before.core.time));
  }
});

test("T1 with a clock that is further ahead than is corrected nothing dated is signed; sessions and farewells are, and reading goes on", async () => {
  const clock = createClock(() => NOW);
  const { signer } = signingByClock(nobleEd25519, clock);
  const device = await signer(owner.device.signSeed);
  const bytes = new Uint8Array(3);
  const outcome = (purpose: Parameters<typeof device.sign>[0]) =>
    device.sign(purpose, bytes).then(
      () => "signed",
      (error: Error) => error.message,
    );
  const dated = ["sign-envelope", "sign-bundle", "sign-manifest", "sign-receipt"] as const;
  for (const [date, expected] of [
    [NOW - 47 * HOUR, "signed"],
    [NOW - 49 * HOUR, "clock_ahead"],
    [Date.UTC(1900, 0), "clock_ahead"],
    [NOW, "signed"],
  ] as const) {
    clock.heard(new Date(date).toUTCString());
    for (const purpose of dated) expect(await outcome(purpose)).toBe(expected);
    expect(await outcome("sign-device-session")).toBe("signed");
    expect(await outcome("sign-farewell")).toBe("signed");
  }
});

test("I4 a join that the server took after the invitation had expired is told; one in time is not", async () => {
  const { room, server } = await newTalk("late join");
  const { expiry } = pendingEntry(room.invite, NOW);
  for (const [at, late] of [
    [expiry, undefined],
    [expiry + 1, true],
  ] as const) {
    const items = server.page(room.owner.account).slice(0, 2);
    const shown = items.map((item, i) => (i === 1 ? { ...item, at } : item));
    const { historyOf } = contextOf(room.owner, room.patient);
    const nothing = () => Promise.resolve(undefined);
    const { rows } = await understand(
      {
        deps: { suite: room.suite } as unknown as Deps,
        directory: { historyOf, load: nothing, fetch: nothing },
        self: room.owner.account,
        reader: readerOf(room.owner),
      },
      conversationIdText(room.together.id),
      EMPTY_CHAIN,
      shown,
    );
    expect(rows[1]?.row).toMatchObject({ type: "bundle", change: "join" });
    expect(rows[1]?.row.type === "bundle" && rows[1].row.late).toBe(late);
  }
});
