import { runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { inviteBundle } from "../protocol/bundle.test-kit.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { both, freshInvite, open, sayBundle, seedPair } from "./scene.test-kit.ts";

vi.setConfig({ testTimeout: 30_000 });

test("a failure while one peer is told closes that one, not the sender; it comes back and has missed nothing", async () => {
  const pair = await seedPair();
  const { one, two } = await both(pair);
  await runInDurableObject(pair.stub, ({ core }) => {
    const deliveryOf = core.deliveryOf.bind(core);
    core.deliveryOf = (bundle, standing) => {
      const isPatient =
        standing.kind === "member" &&
        standing.recipients[0]?.[0] === pair.patient.person.account.id[0];
      if (isPatient) throw new TypeError("a defect");
      return deliveryOf(bundle, standing);
    };
  });
  const next = inviteBundle(pair.owner.author, pair.head, freshInvite());
  sayBundle(one, next);
  await one.next("accepted");
  expect(await two.closing()).toBe(CLOSE.tryLater);
  one.send(pair.owner.write(next));
  await one.untilAcked(1);
  expect(one.closed).toBeNull();
  await runInDurableObject(pair.stub, ({ core }) => {
    Reflect.deleteProperty(core, "deliveryOf");
  });
  const back = await open(pair.patient, pair);
  await back.hello(2);
  await back.untilItems(2);
  expect(back.seqs).toEqual([3, 4]);
});
