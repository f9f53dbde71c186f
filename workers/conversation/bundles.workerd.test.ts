import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test, vi } from "vitest";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { createBundle, inviteBundle } from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import {
  Writer,
  down,
  freshInvite,
  open,
  postBundle0,
  hasShare,
  invitationState,
  sayBundle,
  seedConversation,
  seedPair,
  stubOf,
  unlimited,
  withDeps,
} from "./scene.test-kit.ts";
import { TUNING } from "./settings.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("creating", () => {
  test("C1 C7 I1 bundle 0 has seq 1, its share is in R2, its invitation in D1, its row in the owner's Inbox", async () => {
    const { owner, genesis, invite, conversation } = await seedConversation();
    expect(await hasShare(genesis)).toBe(true);
    expect(await invitationState(invite)).toBe("open");
    // A2: the same bytes again are acknowledged again.
    const again = await postBundle0(owner.person, genesis);
    expect(again.result).toMatchObject({ conversation: toBase64url(conversation), seq: 1 });
  });

  test("C1 refused leaves no trace: neither tables nor a share", async () => {
    const owner = new Writer(await seedPerson("practitioner"));
    const bundle = createBundle(owner.author, [], (core) => ({
      ...core,
      conversation: randomBytes(32),
    }));
    expect((await postBundle0(owner.person, bundle)).outcome).toBe("bundle_refused");
    const other = await seedPerson("practitioner");
    const good = createBundle(owner.author);
    expect((await postBundle0(other, good)).outcome).toBe("bundle_refused");
    const unsigned = { ...good, upload: { ...good.upload, signature: randomBytes(64) } };
    expect((await postBundle0(owner.person, unsigned)).outcome).toBe("bundle_refused");
    expect(await hasShare(good)).toBe(false);
    const patient = await seedPerson("patient");
    expect((await postBundle0(patient, good)).outcome).toBe("not_found");
  });

  test("C7 R2 down: unavailable; afterwards the same bytes are accepted", async () => {
    const scene = await seedConversation();
    const owner = scene.owner;
    const bundle = createBundle(owner.author);
    const stub = stubOf(bundle.core.conversation);
    const heal = await withDeps({ stub }, ({ shares }) => ({ shares: { ...shares, put: down } }));
    expect((await postBundle0(owner.person, bundle)).outcome).toBe("unavailable");
    await heal();
    expect((await postBundle0(owner.person, bundle)).outcome).toBe("ok");
  });

  test("C7 a conversation that came to nothing is swept away", async () => {
    const owner = new Writer(await seedPerson("practitioner"));
    const bundle = createBundle(owner.author);
    const stub = stubOf(bundle.core.conversation);
    await withDeps({ stub }, ({ shares }) => ({ shares: { ...shares, put: down } }));
    await postBundle0(owner.person, bundle);
    await withDeps({ stub }, ({ now }) => ({ now: () => now() + 2 * TUNING.orphanMs }));
    await runDurableObjectAlarm(stub);
    const tables = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'meta'").toArray(),
    );
    expect(tables).toEqual([]);
  });
});

describe("compare-and-swap", () => {
  test("C3 of 50 bundles at one epoch exactly one wins; the others get it with stale_epoch; no share is left over", async () => {
    const pair = await seedPair();
    const { owner, head, stub } = pair;
    await unlimited(stub);
    const bundles = Array.from({ length: 50 }, () =>
      inviteBundle(owner.author, head, freshInvite()),
    );
    const sockets = await Promise.all(Array.from({ length: 8 }, () => open(owner, pair)));
    for (const [i, bundle] of bundles.entries()) {
      const socket = sockets[i % sockets.length];
      if (socket) sayBundle(socket, bundle);
    }
    const answers = () => sockets.flatMap((s) => [...s.all("accepted"), ...s.all("refused")]);
    await sockets[0]?.until(() => answers().length === 50, "50 answers");
    const accepted = sockets.flatMap((socket) => socket.all("accepted"));
    expect(accepted).toHaveLength(1);
    const refused = sockets.flatMap((socket) => socket.all("refused"));
    expect(new Set(refused.map(({ error }) => error))).toEqual(new Set(["stale_epoch"]));
    const winner = bundles.find(
      ({ hash }) => toBase64url(hash) === toBase64url(accepted[0]?.hash ?? hash),
    );
    for (const { missed } of refused) {
      expect(missed).toHaveLength(1);
      expect(missed?.[0]).toMatchObject({ bundle: { core: winner?.coreBytes } });
    }
    const left = async () => (await Promise.all(bundles.map(hasShare))).filter(Boolean);
    await expect.poll(left).toHaveLength(1);
    const intents = await runInDurableObject(stub, ({ core }) => core.stores.ledger.oldestIntent());
    expect(intents).toBeNull();
  });

  test("C7 a bundle and its first messages are one commit; M7 what was sealed before is stale, with the bundle missed", async () => {
    const pair = await seedPair();
    const { owner, patient, head } = pair;
    const [one, two] = [await open(owner, pair), await open(patient, pair)];
    await one.hello(2);
    await two.hello(2);
    const next = inviteBundle(owner.author, head, freshInvite());
    const late = patient.write(head);
    sayBundle(one, next, owner.write(next), owner.write(next));
    expect(await one.next("accepted")).toMatchObject({ n: 2, seq: 3, hash: next.hash });
    await one.untilAcked(2);
    await two.untilItems(3);
    expect(two.seqs).toEqual([3, 4, 5]);
    const [item] = two.items;
    const seals = item && "bundle" in item ? item.bundle.seals : [];
    expect(seals.map(({ recipient }) => recipient)).toEqual([patient.author.account.id]);
    expect(item && "bundle" in item ? item.bundle.share : null).toEqual(next.upload.share);
    two.send(late);
    const refused = await two.next("refused");
    expect(refused).toMatchObject({ ref: late.header.messageId, error: "stale_epoch" });
    expect(refused.missed).toMatchObject([{ seq: 3, bundle: { core: next.coreBytes } }]);
  });

  test("A2 the very bytes sent again, also after an eviction, are accepted again at their place", async () => {
    const pair = await seedPair();
    const { owner, head, stub } = pair;
    const socket = await open(owner, pair);
    const next = inviteBundle(owner.author, head, freshInvite());
    const first = owner.write(next);
    sayBundle(socket, next, first);
    const accepted = await socket.next("accepted");
    await socket.untilAcked(1);
    await evictDurableObject(stub);
    sayBundle(socket, next, first);
    expect(await socket.next("accepted")).toEqual(accepted);
    await socket.untilAcked(2);
    expect(socket.acked[1]).toEqual(socket.acked[0]);
  });

  test("M6 frames behind a bundle wait for it, so what is sealed under it is taken", async () => {
    const pair = await seedPair();
    const { owner, head } = pair;
    const socket = await open(owner, pair);
    const next = inviteBundle(owner.author, head, freshInvite());
    sayBundle(socket, next);
    socket.send(owner.write(next));
    await socket.untilAcked(1);
    expect(socket.all("refused")).toEqual([]);
  });
});

describe("orphans", () => {
  test("C7 the share of a bundle that lost while R2 was failing is swept by the alarm", async () => {
    const pair = await seedPair();
    const { owner, head, stub } = pair;
    const [one, two] = [await open(owner, pair), await open(owner, pair)];
    const [a, b] = [
      inviteBundle(owner.author, head, freshInvite()),
      inviteBundle(owner.author, head, freshInvite()),
    ];
    const both = Promise.withResolvers<void>();
    let puts = 0;
    const heal = await withDeps(pair, ({ shares }) => ({
      shares: {
        ...shares,
        delete: down,
        async put(hash, share) {
          await shares.put(hash, share);
          // Neither commits before the other's share is there.
          if (++puts === 2) both.resolve();
          await both.promise;
        },
      },
    }));
    sayBundle(one, a);
    sayBundle(two, b);
    const answers = () => [one, two].flatMap((s) => [...s.all("accepted"), ...s.all("refused")]);
    await one.until(() => answers().length === 2, "answers");
    const shares = async () => (await Promise.all([a, b].map(hasShare))).filter(Boolean).length;
    expect(await shares()).toBe(2);
    await heal();
    await withDeps(pair, ({ now }) => ({ now: () => now() + 2 * TUNING.orphanMs }));
    await runDurableObjectAlarm(stub);
    expect(await shares()).toBe(1);
    const winner = one.all("accepted").length === 1 ? a : b;
    expect(await hasShare(winner)).toBe(true);
  });
});
