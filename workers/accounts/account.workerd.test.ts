import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { sessions } from "../db/sessions.schema.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { LIMITS } from "../protocol/limits.ts";
import { type AccountSeals, decodeAccountSeals, sealsHash } from "../protocol/manifest.ts";
import {
  type TestAccount,
  makeAccount,
  makeKemPublic,
  makeUnlock,
  signManifest,
  succeed,
  withDevice,
  withoutDevice,
} from "../protocol/manifest.test-kit.ts";
import { loadManifest, newestManifestVersion } from "./manifest-store.ts";
import {
  type Person,
  db,
  deviceOf,
  deviceSessionBody,
  seedPerson,
  signInAs,
} from "./person.test-kit.ts";

const bodyOf = ({ manifestCbor, sealsCbor }: TestAccount) => ({
  manifestCbor: toBase64url(manifestCbor),
  sealsCbor: toBase64url(sealsCbor),
});
const put = ({ browser }: Pick<Person, "browser">, account: TestAccount) =>
  browser.outcome("putAccount", { body: bodyOf(account) });

describe("K5 compare-and-swap of {manifest, seals}", () => {
  test("K5 the next version replaces both; the chain stays, the seals are the newest", async () => {
    const person = await seedPerson("patient");
    const second = withDevice(person.account);
    const view = await person.browser.get("putAccount", { body: bodyOf(second) });
    expect(view).toMatchObject({ version: 2, ...bodyOf(second), role: "patient" });
    expect(await person.browser.get("account")).toEqual(view);
    const third = succeed(second, { unlocks: [...second.core.unlocks, makeUnlock("prf")] });
    expect(await put(person, third)).toBe("ok");
    const { manifests: chain } = await person.browser.get("ownManifests");
    expect(chain).toEqual([person.account, second, third].map((it) => bodyOf(it).manifestCbor));
    const rest = await person.browser.get("ownManifests", { query: { from: "3" } });
    expect(rest.manifests).toEqual([bodyOf(third).manifestCbor]);
    expect(await newestManifestVersion(db, person.id)).toBe(3);
    const stored = await loadManifest(db, person.id, 2);
    expect(stored).toMatchObject({ ...second.signed, hash: second.hash });
    expect(await loadManifest(db, person.id, 4)).toBeNull();
  });

  test("K5 of two writers of one version, one wins; the other is stale, and so is anything old", async () => {
    const person = await seedPerson("patient");
    const rivals = [
      withDevice(person.account),
      withDevice(person.account),
      withDevice(person.account),
    ];
    const outcomes = await Promise.all(rivals.map((rival) => put(person, rival)));
    expect(outcomes.toSorted()).toEqual(["ok", "stale_version", "stale_version"]);
    const winner = rivals[outcomes.indexOf("ok")]!;
    expect(await person.browser.get("account")).toMatchObject(bodyOf(winner));
    expect(await put(person, person.account)).toBe("stale_version");
    expect(await put(person, winner)).toBe("stale_version");
    expect(await put(person, withDevice(withDevice(winner)))).toBe("stale_version");
    const forked = withDevice(rivals[outcomes.indexOf("stale_version")]!);
    expect(await put(person, forked)).toBe("manifest_refused");
    expect(await put(person, withDevice(winner))).toBe("ok");
  });

  test("K1 K5 nobody writes another account's manifest", async () => {
    const person = await seedPerson("patient");
    const other = await seedPerson("patient");
    expect(await put(person, withDevice(other.account))).toBe("manifest_refused");
    expect(await put(person, makeAccount())).toBe("stale_version");
    expect(await newestManifestVersion(db, other.id)).toBe(1);
  });

  test("K5 seals must be those signed", async () => {
    const person = await seedPerson("patient");
    const next = withDevice(person.account);
    const { sealsCbor } = makeAccount();
    expect(await put(person, { ...next, sealsCbor })).toBe("manifest_refused");
    expect(await put(person, { ...next, sealsCbor: new Uint8Array(10) })).toBe("manifest_refused");
  });

  test("K5 E7 the server looks at the keys in the seals too: who stays keeps its own, and all are admissible", async () => {
    const person = await seedPerson("patient");
    const next = withDevice(person.account);
    const seals = decodeAccountSeals(next.sealsCbor);
    /** The next manifest, signed over these seals. */
    const naming = (change: Partial<AccountSeals>): TestAccount => {
      const sealsCbor = encodeCbor({ ...seals, ...change });
      const signed = signManifest(next.seed, { ...next.core, sealsHash: sealsHash(sealsCbor) });
      return { ...next, sealsCbor, manifestCbor: encodeCbor(signed) };
    };
    const swapped = (at: number, kemPub: Uint8Array) =>
      naming({ devices: seals.devices.map((it, i) => (i === at ? { ...it, kemPub } : it)) });
    const method = seals.unlocks.map((it) => ({ ...it, kemPub: makeKemPublic() }));
    for (const bad of [
      swapped(0, makeKemPublic()),
      swapped(1, makeKemPublic().fill(255, 0, 3)),
      naming({ unlocks: method }),
      naming({ devices: seals.devices.slice(1) }),
      naming({ devices: seals.devices.toReversed() }),
      naming({ unlocks: [] }),
    ]) {
      expect(await put(person, bad)).toBe("manifest_refused");
    }
    expect(await put(person, swapped(1, makeKemPublic()))).toBe("ok");
  });

  test.each(["0", "-1", "1.5", "x", "9007199254740992", ""])("from=%s is refused", async (from) => {
    const { browser } = await seedPerson("patient");
    expect(await browser.outcome("ownManifests", { query: { from } })).toBe("bad_request");
  });

  test("a long chain comes in pages that go on where the last one ended", async () => {
    const person = await seedPerson("patient");
    const statement = env.DB.prepare("insert into manifests values (?, ?, ?, '', 1)");
    const big = toBase64url(new Uint8Array(LIMITS.manifest + 1024));
    // By size each page ends before its two hundred entries.
    const last = 2 * LIMITS.itemsPerPage;
    await env.DB.batch(
      Array.from({ length: last - 1 }, (_, i) => statement.bind(person.id, i + 2, big)),
    );
    const seen: string[] = [];
    for (let pages = 0; seen.length < last; pages++) {
      const query = { from: String(seen.length + 1) };
      const { manifests: page, more } = await person.browser.get("ownManifests", { query });
      expect(page.length).toBeGreaterThan(0);
      expect(page.length).toBeLessThan(LIMITS.itemsPerPage);
      expect(pages).toBeLessThan(4);
      seen.push(...page);
      expect(more).toBe(seen.length < last);
    }
    const end = await person.browser.get("ownManifests", { query: { from: String(last + 1) } });
    expect(end.manifests).toEqual([]);
  });
});

describe("C6 K12 revoking a device ends its sessions in the same step", () => {
  test("C6 its sessions are gone, others live, and it binds no more", async () => {
    const person = await seedPerson("patient");
    const two = withDevice(person.account);
    expect(await put(person, two)).toBe("ok");
    const phone = two.devices[1]!;
    const browser = await signInAs(person, false);
    const body = await deviceSessionBody(browser, two, phone);
    expect(await browser.outcome("deviceSession", { body })).toBe("ok");
    const unbound = await signInAs(person, false);
    expect(await put(person, withoutDevice(two, phone))).toBe("ok");
    expect(await browser.outcome("session")).toBe("unauthenticated");
    expect(await person.browser.outcome("session")).toBe("ok");
    expect(await unbound.outcome("session")).toBe("ok");
    const again = await deviceSessionBody(unbound, two, phone);
    expect(await unbound.outcome("deviceSession", { body: again })).toBe("unauthenticated");
    const own = await deviceSessionBody(unbound, two, deviceOf(two));
    expect(await unbound.outcome("deviceSession", { body: own })).toBe("ok");
  });

  test("C6 a device that is revoked while it binds is not bound", async () => {
    for (let round = 0; round < 5; round++) {
      const person = await seedPerson("patient");
      const two = withDevice(person.account);
      expect(await put(person, two)).toBe("ok");
      const phone = two.devices[1]!;
      const browser = await signInAs(person, false);
      const body = await deviceSessionBody(browser, two, phone);
      await Promise.all([
        browser.outcome("deviceSession", { body }),
        put(person, withoutDevice(two, phone)),
      ]);
      const rows = await db.select().from(sessions).where(eq(sessions.account, person.id));
      expect(rows.filter((row) => row.device === toBase64url(phone.id))).toEqual([]);
    }
  });

  test("K12 a session without a device may put a manifest: that is how a device comes to be", async () => {
    const person = await seedPerson("patient");
    const browser = await signInAs(person, false);
    const next = withDevice(person.account);
    expect(await put({ browser }, next)).toBe("ok");
    const body = await deviceSessionBody(browser, next, next.devices[1]!);
    expect(await browser.outcome("deviceSession", { body })).toBe("ok");
  });
});
