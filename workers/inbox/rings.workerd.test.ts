import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test, vi } from "vitest";
import { type Person, seedPerson } from "../accounts/person.test-kit.ts";
import { open, seedPair } from "../conversation/scene.test-kit.ts";
import { openInbox } from "../conversation/socket.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { LIMITS } from "../protocol/limits.ts";
import { idBytes } from "../protocol/ids.ts";
import { pushHandle } from "../protocol/notifications/push-handle.ts";
import { PUSH_BYTES } from "../protocol/notifications/push-payload.ts";
import { InboxStore } from "./inbox-store.ts";
import { PushOutbox } from "./push-outbox.ts";
import { inboxOf, newSubscription, someTalk, subscribe } from "../push/push.test-kit.ts";
import { MOST_TRIES, PUSH_LIFE_MS } from "../push/retry.ts";

vi.setConfig({ testTimeout: 30_000 });

/** Somebody with a phone, and a conversation in the list. */
async function somebody(
  ...setup: Parameters<typeof subscribe> extends [unknown, ...infer T] ? T : never
) {
  const person = await seedPerson("patient");
  const phone = await subscribe(person, ...setup);
  const talk = someTalk(person, randomBytes(32));
  await talk.begin();
  return { person, phone, talk };
}

/** The living instance has another clock: so much later, from now on. */
const later = (person: Person, ms: number): Promise<void> =>
  runInDurableObject(inboxOf(person), ({ rings }) => {
    rings.now = () => Date.now() + ms;
    rings.random = () => 1;
  });

const waiting = (person: Person) =>
  runInDurableObject(inboxOf(person), (_, { storage }) =>
    storage.sql.exec("SELECT tries, due FROM pushes").toArray(),
  );

/** The alarm comes now, if one is set. */
const alarm = async (person: Person): Promise<void> => {
  await runDurableObjectAlarm(inboxOf(person));
};

describe("N1 a message of somebody else rings", () => {
  test("N1 every device of the account, sealed for it, of one size, signed as RFC 8292 wants it", async () => {
    const { person, phone, talk } = await somebody();
    await talk.say();
    await expect.poll(() => phone.count()).toBe(1);
    const { pushes, followed } = await phone.received();
    const [push] = pushes;
    expect(push?.text).toHaveLength(PUSH_BYTES);
    // Header, text, delimiter, tag.
    expect(push?.bytes).toBe(86 + PUSH_BYTES + 1 + 16);
    expect(push?.headers).toMatchObject({
      ttl: String(PUSH_LIFE_MS / 1000),
      urgency: "high",
      "content-encoding": "aes128gcm",
    });
    expect(push?.headers).not.toHaveProperty("topic");
    expect(push?.algorithm).toBe("ES256");
    expect(push?.publicKey).toBe(env.VAPID_PUBLIC_KEY);
    expect(push?.claims).toMatchObject({
      aud: new URL(phone.subscription.endpoint).origin,
      sub: env.VAPID_SUBJECT,
    });
    const seconds = Date.now() / 1000;
    expect(push?.claims.exp).toBeGreaterThan(seconds);
    expect(push?.claims.exp).toBeLessThanOrEqual(seconds + 24 * 60 * 60);
    const [said] = await phone.texts();
    const handle = pushHandle(idBytes(person.id), talk.conversation);
    expect(said?.notification).toMatchObject({ tag: handle, data: { kind: "message", handle } });
    expect(push?.text).not.toContain(toBase64url(talk.conversation));
    expect(followed).toBe(0);
    await expect.poll(() => waiting(person)).toEqual([]);
  });

  test("N1 in the subscription's language, declarative and silent where that was asked for", async () => {
    const change = { language: "es", declarative: true, sound: false } as const;
    const { phone, talk } = await somebody(undefined, change);
    await talk.say();
    await expect.poll(() => phone.count()).toBe(1);
    expect((await phone.texts())[0]).toMatchObject({
      web_push: 8030,
      mutable: true,
      notification: { body: "Tienes un mensaje nuevo", lang: "es", silent: true },
    });
  });

  test("M1 N1 through the whole server: never its author, and never for what is quiet", async () => {
    const pair = await seedPair();
    const { owner, patient, head } = pair;
    const [desk, phone] = [await subscribe(owner.person), await subscribe(patient.person)];
    const socket = await open(owner, pair);
    socket.send(owner.writeQuiet(head));
    const list = await openInbox(patient.person);
    await list.hello();
    await list.until(() => list.all("activity").at(-1)?.row.lastSeq === 3, "activity");
    // What would have rung had rung by now: the message after it does.
    socket.send(owner.write(head));
    await expect.poll(() => phone.count()).toBe(1);
    expect(await desk.count()).toBe(0);
  });

  test("N1 what waits for one conversation is one push, and a burst does not ring without end", async () => {
    const { person, phone, talk } = await somebody();
    await talk.say();
    await expect.poll(() => phone.count()).toBe(1);
    await expect.poll(() => waiting(person)).toEqual([]);
    for (let i = 0; i < 10; i++) await talk.say();
    expect(await waiting(person)).toHaveLength(1);
    const other = someTalk(person, randomBytes(32));
    await other.begin();
    await other.say();
    await expect.poll(() => phone.count()).toBe(2);
    await later(person, 6_000);
    await alarm(person);
    expect(await phone.count()).toBe(3);
    expect(await waiting(person)).toEqual([]);
  });
});

describe("N1 what comes at a bad moment", () => {
  test("N1 a message that came while its push was under way is pushed after it", async () => {
    const { person, talk } = await somebody();
    const left = await runInDurableObject(inboxOf(person), ({ rings }, { storage }) => {
      const outbox = new PushOutbox(storage.sql, new InboxStore(storage));
      const [device] = rings.subscriptions.devices();
      if (!device) throw new Error("no device");
      const dues: (number | null)[] = [];
      const [first, later] = [1_000, 9_000];
      outbox.add(talk.conversation, device, first, first);
      const [push] = outbox.due(first, 1);
      if (!push) throw new Error("nothing is due");
      outbox.retry(push, 3, first);
      outbox.add(talk.conversation, device, first + 1, first + 1);
      outbox.sent(push, later);
      dues.push(outbox.nextDue());
      const [again] = outbox.due(later, 1);
      expect(again).toMatchObject({ since: first + 1, tries: 0 });
      if (again) outbox.sent(again, later);
      return [...dues, outbox.nextDue()];
    });
    expect(left).toEqual([9_000, null]);
  });

  test("N1 what was written before somebody came in rings nobody; what comes after does", async () => {
    const { person, phone } = await somebody();
    const joined = someTalk(person, randomBytes(32));
    await joined.say();
    expect(await waiting(person)).toEqual([]);
    await joined.say();
    await expect.poll(() => phone.count()).toBe(1);
  });
});

describe("N1 what must not ring is decided before sending", () => {
  test("N1 no device rings while a page shows the conversation; others ring, and it does when the page says no more", async () => {
    const { person, phone, talk } = await somebody();
    const page = await openInbox(person);
    await page.hello();
    page.say({ t: "showing", conversation: talk.conversation });
    const isShown = () =>
      runInDurableObject(inboxOf(person), (_, context) =>
        context
          .getWebSockets()
          .some((socket) =>
            JSON.stringify(socket.deserializeAttachment()).includes("conversation"),
          ),
      );
    await expect.poll(isShown).toBe(true);
    await talk.say();
    // It is the socket's, and so outlives hibernation.
    await evictDurableObject(inboxOf(person));
    await talk.say();
    expect(await waiting(person)).toEqual([]);
    const other = someTalk(person, randomBytes(32));
    await other.begin();
    await other.say();
    await expect.poll(() => phone.count()).toBe(1);
    await later(person, LIMITS.showingMs + 1_000);
    await talk.say();
    await alarm(person);
    await expect.poll(() => phone.count()).toBe(2);
    const handles = (await phone.texts()).map(({ notification }) => notification.tag);
    const account = idBytes(person.id);
    expect(handles).toEqual([other, talk].map((one) => pushHandle(account, one.conversation)));
  });

  test("N1 a page that closes, or shows nothing, shows it no more", async () => {
    const { person, phone, talk } = await somebody();
    const page = await openInbox(person);
    await page.hello();
    page.say({ t: "showing", conversation: talk.conversation });
    page.say({ t: "showing", conversation: null });
    page.say({ t: "read", conversation: randomBytes(32), seq: 1 });
    await page.next("refused");
    await talk.say();
    await expect.poll(() => phone.count()).toBe(1);
    const next = await openInbox(person);
    next.say({ t: "showing", conversation: talk.conversation });
    next.say({ t: "read", conversation: randomBytes(32), seq: 1 });
    await next.next("refused");
    next.close();
    await next.closing();
    await later(person, 6_000);
    await talk.say();
    await alarm(person);
    await expect.poll(() => phone.count()).toBe(2);
  });

  test("N1 muted conversations do not ring, until the mute ends or is taken back", async () => {
    const { person, phone, talk } = await somebody();
    const params = { conversation: toBase64url(talk.conversation) };
    await person.browser.get("mute", { params, body: { until: null } });
    await talk.say();
    expect(await waiting(person)).toEqual([]);
    await person.browser.get("unmute", { params });
    await talk.say();
    await expect.poll(() => phone.count()).toBe(1);
    const until = Date.now() + 60_000;
    await person.browser.get("mute", { params, body: { until } });
    expect((await person.browser.get("notifications")).mutes).toEqual([
      { conversation: params.conversation, until },
    ]);
    await talk.say();
    expect(await waiting(person)).toEqual([]);
    await later(person, 61_000);
    await talk.say();
    await alarm(person);
    await expect.poll(() => phone.count()).toBe(2);
  });

  test("N1 quiet hours and switched-off notifications do not ring, also what waited when they began", async () => {
    const { person, phone, talk } = await somebody([{ status: 503 }, { status: 201 }]);
    await talk.say();
    await expect.poll(() => phone.count()).toBe(1);
    await expect.poll(async () => (await waiting(person))[0]?.["tries"]).toBe(1);
    const now = new Date();
    const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
    const quietHours = { from: minute, to: (minute + 120) % 1440, timeZone: "UTC" };
    await person.browser.get("putNotifications", { body: { on: true, quietHours } });
    await later(person, 10_000);
    await alarm(person);
    expect([await waiting(person), await phone.count()]).toEqual([[], 1]);
    await talk.say();
    expect(await waiting(person)).toEqual([]);
    await person.browser.get("putNotifications", { body: { on: false, quietHours: null } });
    await talk.say();
    expect(await waiting(person)).toEqual([]);
    await person.browser.get("putNotifications", { body: { on: true, quietHours: null } });
    await talk.say();
    await alarm(person);
    await expect.poll(() => phone.count()).toBe(2);
  });

  test("N1 what was read elsewhere meanwhile does not ring any more", async () => {
    const { person, phone, talk } = await somebody([{ status: 503 }]);
    await talk.say();
    await expect.poll(async () => (await waiting(person))[0]?.["tries"]).toBe(1);
    const page = await openInbox(person);
    await page.hello();
    page.say({ t: "read", conversation: talk.conversation, seq: talk.seq });
    await page.until(() => page.all("activity").at(-1)?.row.unread === 0, "read");
    await later(person, 10_000);
    await alarm(person);
    expect([await waiting(person), await phone.count()]).toEqual([[], 1]);
  });
});

describe("N1 what a push service answers", () => {
  test.each([404, 410])("%i ends the subscription", async (status) => {
    const { person, phone, talk } = await somebody([{ status }]);
    await talk.say();
    await expect
      .poll(async () => (await person.browser.get("notifications")).subscribed)
      .toBe(false);
    await talk.say();
    expect([await waiting(person), await phone.count()]).toEqual([[], 1]);
  });

  test("of a subscription that was replaced meanwhile ends nothing", async () => {
    const { person, talk } = await somebody();
    const gone = await newSubscription([{ status: 410 }]);
    const fresh = await newSubscription();
    const { browser } = person;
    await browser.get("subscribePush", { body: gone.subscription });
    await runInDurableObject(inboxOf(person), async ({ rings }, { storage }) => {
      const [device] = rings.subscriptions.devices();
      if (!device) throw new Error("no device");
      const testing = rings.test(device);
      storage.sql.exec("UPDATE subscriptions SET endpoint = ?", fresh.subscription.endpoint);
      expect(await testing).toEqual({ outcome: "gone", status: 410 });
    });
    await browser.get("subscribePush", { body: fresh.subscription });
    await talk.say();
    await expect.poll(() => fresh.count()).toBe(1);
  });

  test.each([307, 301, 400, 403])(
    "%i is not tried again, and a redirect is not followed",
    async (status) => {
      const { person, phone, talk } = await somebody();
      const { endpoint } = phone.subscription;
      const headers = { location: endpoint.replace("/push/", "/elsewhere/") };
      const refusing = await subscribe(person, [{ status, headers }]);
      await talk.say();
      await expect.poll(() => refusing.count()).toBe(1);
      await expect.poll(() => waiting(person)).toEqual([]);
      expect((await phone.received()).followed).toBe(0);
      expect((await person.browser.get("notifications")).subscribed).toBe(true);
    },
  );

  test.each([
    ["429, not before it says so", { status: 429, headers: { "retry-after": "120" } }, 120_000],
    ["500, after a while", { status: 500 }, 5_000],
  ])("%s, it is tried again", async (_, answer, wait) => {
    const { person, phone, talk } = await somebody([answer, { status: 201 }]);
    await talk.say();
    await expect.poll(async () => (await waiting(person))[0]?.["tries"]).toBe(1);
    const began = Date.now();
    const due = Number((await waiting(person))[0]?.["due"]);
    expect(due).toBeGreaterThan(began + wait / 2 - 2_000);
    expect(due).toBeLessThanOrEqual(began + wait);
    // An alarm that comes too early sends nothing, and comes again.
    await alarm(person);
    expect(await phone.count()).toBe(1);
    await evictDurableObject(inboxOf(person));
    await later(person, wait + 1_000);
    await alarm(person);
    expect(await phone.count()).toBe(2);
    expect(await waiting(person)).toEqual([]);
  });

  test("a device whose push service asks to wait waits with everything", async () => {
    const wait = { status: 429, headers: { "retry-after": "600" } };
    const { person, phone, talk } = await somebody([wait]);
    const other = someTalk(person, randomBytes(32));
    await other.begin();
    await later(person, 0);
    await runInDurableObject(inboxOf(person), ({ rings }) => {
      // Nobody is rung before both wait.
      const now = Date.now();
      rings.now = () => now - 60_000;
    });
    await talk.say();
    await expect.poll(() => phone.count()).toBe(1);
    await other.say();
    await expect.poll(() => phone.count()).toBe(2);
    const dues = (await waiting(person)).map(({ due }) => Number(due));
    expect(dues).toHaveLength(2);
    expect(Math.min(...dues)).toBeGreaterThan(Date.now() + 500_000);
  });

  test("it is given up after so many attempts, and the next message rings anew", async () => {
    const { person, phone, talk } = await somebody([{ status: 500 }]);
    await talk.say();
    await expect.poll(async () => (await waiting(person))[0]?.["tries"]).toBe(1);
    for (let tries = 2; tries <= MOST_TRIES; tries++) {
      await later(person, tries * 60 * 60 * 1000);
      await alarm(person);
    }
    expect(await phone.count()).toBe(MOST_TRIES);
    expect(await waiting(person)).toEqual([]);
    await talk.say();
    await alarm(person);
    await expect.poll(() => phone.count()).toBe(MOST_TRIES + 1);
  });

  test("a push service that nobody answers for is tried again", async () => {
    const nowhere = "http://127.0.0.1:1/push/x";
    const { person, talk } = await somebody(undefined, { endpoint: nowhere });
    await talk.say();
    await expect.poll(async () => (await waiting(person))[0]?.["tries"]).toBe(1);
    expect(await person.browser.get("testPush")).toEqual({ outcome: "unreachable", status: null });
  });

  test("what waits has its alarm again after one that was lost", async () => {
    const { person, phone, talk } = await somebody([{ status: 500 }, { status: 201 }]);
    await talk.say();
    await expect.poll(async () => (await waiting(person))[0]?.["tries"]).toBe(1);
    const inbox = inboxOf(person);
    await runInDurableObject(inbox, async (_, { storage }) => {
      await storage.deleteAlarm();
      storage.sql.exec("UPDATE pushes SET due = ?", Date.now());
    });
    await evictDurableObject(inbox);
    await person.browser.get("notifications");
    await expect.poll(() => phone.count()).toBe(2);
  });
});
