import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test, vi } from "vitest";
import { type Person, deviceOf, seedPerson, signInAs } from "../accounts/person.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { deviceIdText, parseAccountId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import {
  type TestAccount,
  makeDevice,
  makeFarewell,
  withDevice,
  withoutDevice,
} from "../protocol/manifest.test-kit.ts";
import { inboxOf, newSubscription, someTalk, subscribe } from "../push/push.test-kit.ts";
import type { Subscription } from "./subscriptions.ts";

vi.setConfig({ testTimeout: 30_000 });

const bodyOf = ({ manifestCbor, sealsCbor }: TestAccount) => ({
  manifestCbor: toBase64url(manifestCbor),
  sealsCbor: toBase64url(sealsCbor),
});

/** A person with a desk and a phone; only the phone is rung. */
async function deskAndPhone() {
  const desk = await seedPerson("patient");
  const account = withDevice(desk.account);
  await desk.browser.get("putAccount", { body: bodyOf(account) });
  const device = account.devices[1] ?? makeDevice();
  const browser = await signInAs({ ...desk, account }, true, device);
  const rung = await subscribe({ browser });
  return { desk, account, device, browser, rung };
}

const devicesRung = (person: Pick<Person, "id">): Promise<string[]> =>
  runInDurableObject(inboxOf(person), ({ rings }) => rings.subscriptions.devices());

const sessionOf = async ({ browser }: Pick<Person, "browser">): Promise<string> => {
  const { sessions } = await browser.get("sessions");
  return sessions.find(({ current }) => current)?.id ?? "";
};

describe("N1 a subscription", () => {
  test("N1 is one a device, the newest, and of this device alone", async () => {
    const { desk, browser, rung } = await deskAndPhone();
    const talk = someTalk(desk, randomBytes(32));
    await talk.begin();
    const newer = await subscribe({ browser });
    await talk.say();
    await expect.poll(() => newer.count()).toBe(1);
    expect(await rung.count()).toBe(0);
    expect((await browser.get("notifications")).subscribed).toBe(true);
    expect((await desk.browser.get("notifications")).subscribed).toBe(false);
    await desk.browser.get("unsubscribePush");
    expect((await browser.get("notifications")).subscribed).toBe(true);
    await browser.get("unsubscribePush");
    expect(await devicesRung(desk)).toEqual([]);
  });

  test("N1 of every device is rung", async () => {
    const { desk, rung } = await deskAndPhone();
    const second = await subscribe(desk);
    const talk = someTalk(desk, randomBytes(32));
    await talk.begin();
    await talk.say();
    await expect.poll(() => rung.count()).toBe(1);
    await expect.poll(() => second.count()).toBe(1);
  });

  test("N1 is taken at a push service only, with keys that something can be sealed to", async () => {
    const { browser } = await seedPerson("patient");
    const { subscription } = await newSubscription();
    const outcome = (change: object) =>
      browser.outcome("subscribePush", { body: { ...subscription, ...change } });
    expect(await outcome({ endpoint: "https://push.example.org/x" })).toBe("push_service_unknown");
    expect(await outcome({ endpoint: "http://localhost:1/x" })).toBe("push_service_unknown");
    expect(await outcome({ endpoint: "nonsense" })).toBe("push_service_unknown");
    const long = `https://web.push.apple.com/${"x".repeat(LIMITS.pushEndpoint)}`;
    expect(await outcome({ endpoint: long })).toBe("bad_request");
    expect(await outcome({ p256dh: toBase64url(new Uint8Array(65).fill(4)) })).toBe("bad_request");
    expect(await outcome({ auth: toBase64url(new Uint8Array(15)) })).toBe("bad_request");
    expect(await outcome({ language: "fr" })).toBe("bad_request");
    expect((await browser.get("notifications")).subscribed).toBe(false);
    expect(await outcome({})).toBe("ok");
    expect((await browser.get("notifications")).subscribed).toBe(true);
  });

  test("N1 without keys of its own the server takes none, and says so", async () => {
    const { browser } = await seedPerson("patient");
    const { subscription } = await newSubscription();
    expect((await browser.get("pushKey")).publicKey).not.toBeNull();
    browser.around = { VAPID_PUBLIC_KEY: "", VAPID_PRIVATE_KEY: "", VAPID_SUBJECT: "" };
    expect((await browser.get("pushKey")).publicKey).toBeNull();
    expect(await browser.outcome("subscribePush", { body: subscription })).toBe("unavailable");
  });

  test("N1 an account has no more of them than devices; the one registered longest ago gives way", async () => {
    const person = await seedPerson("patient");
    const { subscription } = await newSubscription();
    const named = (i: number): Subscription => ({
      ...subscription,
      account: parseAccountId(person.id),
      device: deviceIdText(new Uint8Array(32).fill(i + 1)),
      session: "s",
      origin: "https://thyme.test",
    });
    const left = await runInDurableObject(inboxOf(person), ({ rings }) => {
      for (let i = 0; i <= LIMITS.devices; i++) rings.subscriptions.put(named(i), 1_000 + i);
      return rings.subscriptions.devices();
    });
    expect(left).toHaveLength(LIMITS.devices);
    expect(left).not.toContain(named(0).device);
    expect(left).toContain(named(LIMITS.devices).device);
  });
});

describe("N1 K12 a subscription ends", () => {
  test("N1 K12 when its device signs out", async () => {
    const { desk, browser } = await deskAndPhone();
    await subscribe(desk);
    await browser.get("endSession");
    await expect.poll(() => devicesRung(desk)).toEqual([deviceIdText(deviceOf(desk.account).id)]);
  });

  test("N1 K3 when its device says farewell", async () => {
    const { desk, account, device, browser } = await deskAndPhone();
    const farewell = toBase64url(makeFarewell(account, device));
    await browser.get("farewell", { body: { farewell } });
    await expect.poll(() => devicesRung(desk)).toEqual([]);
  });

  test("N1 K12 when another device ends its session", async () => {
    const { desk, browser } = await deskAndPhone();
    const session = await sessionOf({ browser });
    await desk.browser.get("revokeSession", { params: { session } });
    await expect.poll(() => devicesRung(desk)).toEqual([]);
  });

  test("N1 C6 when its device is revoked, also where no session of it was left to end", async () => {
    const { desk, account, device } = await deskAndPhone();
    // As if the session that registered it had run out long ago.
    await runInDurableObject(inboxOf(desk), (_, { storage }) => {
      storage.sql.exec("UPDATE subscriptions SET session = 'of long ago'");
      storage.sql.exec("DELETE FROM sessions");
    });
    await evictDurableObject(inboxOf(desk));
    await desk.browser.get("putAccount", { body: bodyOf(withoutDevice(account, device)) });
    await expect.poll(() => devicesRung(desk)).toEqual([]);
  });

  test("N1 K12 not when another session of the account does, nor an older one of its device", async () => {
    const { desk, account, device, browser } = await deskAndPhone();
    const again = await signInAs({ ...desk, account }, true, device);
    await subscribe({ browser: again });
    await browser.get("endSession");
    await desk.browser.get("endSession");
    const rung = [deviceIdText(device.id)];
    const told = () =>
      runInDurableObject(inboxOf(desk), (_, { storage }) =>
        Number(storage.sql.exec("SELECT count(*) AS n FROM ended").one()["n"]),
      );
    await expect.poll(told).toBe(2);
    expect(await devicesRung(desk)).toEqual(rung);
    await again.get("endSession");
    await expect.poll(() => devicesRung(desk)).toEqual([]);
  });

  test("N1 K12 when the last session of its device does, whichever registered it", async () => {
    const { desk, browser } = await deskAndPhone();
    await runInDurableObject(inboxOf(desk), (_, { storage }) => {
      storage.sql.exec("UPDATE subscriptions SET session = 'of long ago'");
    });
    await browser.get("endSession");
    await expect.poll(() => devicesRung(desk)).toEqual([]);
  });

  test("N1 K12 and none is taken from a session that has ended", async () => {
    const { desk, browser } = await deskAndPhone();
    const { subscription } = await newSubscription();
    await inboxOf(desk).endSession(await sessionOf({ browser }));
    expect(await browser.outcome("subscribePush", { body: subscription })).toBe("unauthenticated");
    expect(await devicesRung(desk)).toEqual([]);
  });
});

describe("N1 a test", () => {
  test.each([
    [201, "sent"],
    [403, "refused"],
    [307, "refused"],
    [410, "gone"],
    [503, "unreachable"],
  ] as const)("N1 says what the push service answered: %i", async (status, outcome) => {
    const { browser } = await seedPerson("patient");
    expect(await browser.get("testPush")).toEqual({ outcome: "not_subscribed", status: null });
    const phone = await subscribe({ browser }, [{ status }]);
    // Whatever is preferred: somebody is looking.
    await browser.get("putNotifications", { body: { on: false, quietHours: null } });
    expect(await browser.get("testPush")).toEqual({ outcome, status });
    const [said] = await phone.texts();
    expect(said?.notification).toMatchObject({
      body: "Notifications reach this device",
      data: { kind: "test" },
    });
    expect((await browser.get("notifications")).subscribed).toBe(outcome !== "gone");
  });
});

describe("N1 preferences", () => {
  test("N1 are the account's: what one device says the other is told", async () => {
    const { desk, browser } = await deskAndPhone();
    const usual = { on: true, quietHours: null };
    expect(await desk.browser.get("notifications")).toMatchObject({
      preferences: usual,
      mutes: [],
    });
    const quietHours = { from: 1320, to: 420, days: [1, 2, 3, 4, 5], timeZone: "Europe/Madrid" };
    const preferences = { on: true, quietHours };
    await browser.get("putNotifications", { body: preferences });
    await evictDurableObject(inboxOf(desk));
    expect(await desk.browser.get("notifications")).toMatchObject({ preferences });
  });

  test("N1 what is not in the list cannot be muted, so that nobody fills it", async () => {
    const person = await seedPerson("patient");
    const talk = someTalk(person, randomBytes(32));
    const params = { conversation: toBase64url(talk.conversation) };
    const body = { until: null };
    expect(await person.browser.outcome("mute", { params, body })).toBe("not_found");
    expect(await person.browser.outcome("unmute", { params })).toBe("not_found");
    await talk.begin();
    expect(await person.browser.outcome("mute", { params, body })).toBe("ok");
    expect(await person.browser.outcome("unmute", { params })).toBe("ok");
  });
});
