import { describe, expect, test } from "vitest";
import type { BundleDelivery } from "../../../workers/protocol/bundle.ts";
import { headOf } from "../account/history.ts";
import { seal } from "../crypto/seal.ts";
import { codeOf, deliver, flipped } from "../people.test-kit.ts";
import { applyBundles, forged, judgeOf, newCare, withSeal } from "./care.test-kit.ts";
import { headBundle } from "./state.ts";
import { judgeHead } from "./judge-head.ts";
import { applyBundle } from "./verify.ts";

const care = await newCare("verify");
const { suite, owner, patient, alone, together, created } = care;
const { asOwner, reader, genesis, join, first, second } = judgeOf(care);

describe("C2 the signature on a bundle", () => {
  test("C2 honest bundles apply (positive control)", async () => {
    expect([await first(genesis), await second(join)]).toEqual(["none", "none"]);
  });

  test("C2 a bad author's signature is refused", async () => {
    expect(await first({ ...genesis, signature: flipped(genesis.signature) })).toBe(
      "bundle_refused",
    );
    const byOther = await patient.signer.sign("sign-bundle", genesis.core);
    expect(await first({ ...genesis, signature: byOther })).toBe("bundle_refused");
  });

  test("I3 a join without, or with a bad, invite signature is refused", async () => {
    expect(await second({ ...join, inviteSignature: null })).toBe("bundle_refused");
    const bad = await patient.signer.sign("sign-bundle", join.core);
    expect(await second({ ...join, inviteSignature: bad })).toBe("bundle_refused");
    expect(await first({ ...genesis, inviteSignature: bad })).toBe("bundle_refused");
  });
});

describe("C3, C5 one chain", () => {
  test("C5 another bundle at the same n is a fork", async () => {
    const twin = await forged(owner, genesis, (core) => ({ ...core, time: core.time + 1 }));
    expect(await second(twin)).toBe("bundle_forked");
    expect(await second({ ...twin, signature: flipped(twin.signature) })).toBe("bundle_refused");
    const unlawful = await forged(owner, genesis, (core) => ({ ...core, pending: [] }));
    expect(await second(unlawful)).toBe("bundle_refused");
    expect(await second(genesis)).toBe("none");
  });

  test("C3 a bundle that does not follow the head is refused or waits for those before it", async () => {
    expect(await first(join)).toBe("bundle_gap");
    const loose = await forged(patient, join, (core) => ({ ...core, prev: core.keyCommit }));
    expect(await second(loose)).toBe("bundle_refused");
    expect(await second({ ...join, core: new Uint8Array([0xa0]) })).toBe("bundle_refused");
  });

  test("C5 the head that the server shows has to be on the chain, and not before its end", async () => {
    const { core, hash } = headBundle(together);
    expect(judgeHead(together, { n: core.n, hash })).toBe("same");
    expect(judgeHead(alone, { n: core.n, hash })).toBe("behind");
    expect(await codeOf(() => judgeHead(together, { n: 1, hash: flipped(hash) }))).toBe(
      "bundle_forked",
    );
    const old = { n: 0, hash: created.checked.hash };
    expect(await codeOf(() => judgeHead(together, old))).toBe("bundle_forked");
  });
});

describe("C5 keys and shares against their commitments", () => {
  const context = [alone.id, 0, owner.account, 1] as const;

  test("C5 a sealed key that is not the committed one is refused", async () => {
    const key = headOf(owner.history).core.userKey;
    const wrong = seal(suite.random, key, "seal/epoch", context, suite.random.bytes(32));
    const upload = await withSeal(owner, created.upload, 0, wrong);
    expect(await first(deliver(upload, owner.account))).toBe("bundle_refused");
    const right = created.epoch.key ?? new Uint8Array();
    const good = seal(suite.random, key, "seal/epoch", context, right);
    const honest = await withSeal(owner, created.upload, 0, good);
    expect(await first(deliver(honest, owner.account))).toBe("none");
  });

  test("E6 a seal counts only with the hash that the core names", async () => {
    const key = headOf(owner.history).core.userKey;
    const right = created.epoch.key ?? new Uint8Array();
    const other = seal(suite.random, key, "seal/epoch", context, right);
    const swapped = { ...genesis, seals: genesis.seals.map((s) => ({ ...s, seal: other })) };
    expect(await first(swapped)).toBe("bundle_refused");
  });

  test("C5, C7 another share is refused; without one nothing opens, and it may come later", async () => {
    expect(await first({ ...genesis, share: suite.random.bytes(32) })).toBe("bundle_refused");
    const without = await applyBundle(asOwner, null, { ...genesis, share: null }, reader);
    expect(without.epochs.get(0)).toMatchObject({ share: null, secret: null });
    const later = await applyBundle(asOwner, without, { ...genesis, seals: [] }, reader);
    expect(later.epochs.get(0)?.secret).toEqual(created.epoch.secret);
  });

  test("C2, C7 purged seals and shares leave the chain whole", async () => {
    const purged = (delivery: BundleDelivery) => ({
      ...delivery,
      seals: [],
      grants: [],
      share: null,
    });
    const state = await applyBundles(asOwner, null, [purged(genesis), purged(join)], reader);
    expect(state.bundles).toEqual(together.bundles);
    expect([...state.epochs.values()].every(({ secret }) => secret === null)).toBe(true);
  });

  test("K3 a key of a generation that is not held is said, not guessed", async () => {
    const poor = { kind: "account", account: owner.account, userKeys: [] } as const;
    expect(await codeOf(() => applyBundle(asOwner, null, genesis, poor))).toBe("user_key_needed");
  });
});
