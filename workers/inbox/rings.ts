import type { Settings } from "../env.ts";
import { eachSettled } from "../objects/each-settled.ts";
import { log } from "../objects/log.ts";
import { toBase64url } from "../protocol/bytes.ts";
import type { PushTest } from "../protocol/http/push.ts";
import { type DeviceId, idBytes } from "../protocol/ids.ts";
import { pushHandle } from "../protocol/notifications/push-handle.ts";
import { type PushSubject, pushText } from "../push/payload.ts";
import { type PushOutcome, nextTry } from "../push/retry.ts";
import { sendPush } from "../push/send.ts";
import type { Tables } from "./inbox-store.ts";
import { type Ringing, mayRing } from "./may-ring.ts";
import { type Push, PushOutbox } from "./push-outbox.ts";
import { PushSettings } from "./push-settings.ts";
import { type Subscription, Subscriptions } from "./subscriptions.ts";
import type { Wake } from "./wake.ts";

/** A conversation rings a device at most this often, however much is written in it. */
const RING_EVERY_MS = 5_000;

/** Pushes of one alarm, and how many of them at a time. */
const SLICE = 32;
const AT_ONCE = 4;

/** After a failure of ours. */
const HEAL_MS = 60_000;

/** What the Inbox knows beside: of which conversation a page is open, and what is unread there. */
export type Known = (conversation: Uint8Array, now: number) => Pick<Ringing, "isShown" | "unread">;

/** N1: rings the account's devices. What is to be rung is stored, and sent by the object's alarm. */
export class Rings {
  readonly subscriptions: Subscriptions;
  readonly settings: PushSettings;
  /** these two are replaced by tests */
  now: () => number = () => Date.now();
  random: () => number = () => Math.random();
  readonly #outbox: PushOutbox;
  readonly #wake: Wake;
  readonly #known: Known;
  readonly #sending: () => Pick<Settings, "vapid" | "pushHosts">;
  /** when devices were rung for a conversation last, as far as this instance knows */
  readonly #rang = new Map<string, number>();

  constructor(
    storage: DurableObjectStorage,
    tables: Tables,
    wake: Wake,
    known: Known,
    sending: () => Pick<Settings, "vapid" | "pushHosts">,
  ) {
    this.subscriptions = new Subscriptions(storage.sql, tables);
    this.settings = new PushSettings(storage.sql, tables);
    this.#outbox = new PushOutbox(storage.sql, tables);
    this.#wake = wake;
    this.#known = known;
    this.#sending = sending;
  }

  #mayRing(conversation: Uint8Array, now: number): boolean {
    const { settings } = this;
    const known = this.#known(conversation, now);
    const isMuted = settings.isMuted(conversation, now);
    return mayRing({ preferences: settings.preferences(), isMuted, ...known }, now);
  }

  /** With the session that registered it, or its device's last one, a subscription goes. */
  sessionEnded(session: string, lastOf: DeviceId | null): void {
    for (const device of this.subscriptions.ofSession(session)) this.subscriptions.delete(device);
    if (lastOf) this.subscriptions.delete(lastOf);
  }

  /** Somebody else has written there. May be repeated. */
  async ring(conversation: Uint8Array): Promise<void> {
    const devices = this.subscriptions.devices();
    const now = this.now();
    if (devices.length === 0 || !this.#sending().vapid || !this.#mayRing(conversation, now)) return;
    const before = this.#rang.get(toBase64url(conversation));
    const due = before === undefined ? now : Math.max(now, before + RING_EVERY_MS);
    for (const device of devices) this.#outbox.add(conversation, device, now, due);
    await this.#wake.at(due);
  }

  /** What waits from before, in case that its alarm was lost. */
  async rearm(atLeast = 0): Promise<void> {
    const next = this.#outbox.nextDue();
    if (next !== null) await this.#wake.at(Math.max(next, atLeast));
  }

  async #send(subscription: Subscription, about: PushSubject): Promise<PushOutcome> {
    const { vapid, pushHosts: hosts } = this.#sending();
    if (!vapid) return { kind: "unreachable", status: null, retryAfterMs: 0 };
    const outcome = await sendPush({ vapid, hosts }, subscription, pushText(subscription, about));
    if (outcome.kind === "gone") this.#forget(subscription);
    return outcome;
  }

  /** The push service knows it no more; another one may have been registered while it said so. */
  #forget({ device, endpoint }: Subscription): void {
    if (this.subscriptions.get(device)?.endpoint === endpoint) this.subscriptions.delete(device);
  }

  /** Sends one push if it still should ring. True: it was given up. */
  async #attempt(push: Push): Promise<boolean> {
    const { conversation, device } = push;
    const subscription = this.subscriptions.get(device);
    if (!subscription || !this.#mayRing(conversation, this.now())) {
      this.#outbox.drop(push);
      return false;
    }
    const handle = pushHandle(idBytes(subscription.account), conversation);
    const outcome = await this.#send(subscription, { kind: "message", handle });
    const now = this.now();
    switch (outcome.kind) {
      case "sent":
        this.#rang.set(toBase64url(conversation), now);
        this.#outbox.sent(push, now + RING_EVERY_MS);
        return false;
      case "gone":
        this.#outbox.drop(push);
        return false;
      case "refused":
        this.#outbox.drop(push);
        return true;
      case "unreachable": {
        const tries = push.tries + 1;
        const wait = outcome.retryAfterMs;
        const due = nextTry({ since: push.since, tries }, wait, now, this.random());
        if (due === null) {
          this.#outbox.drop(push);
          return true;
        }
        this.#outbox.retry(push, tries, due);
        if (wait > 0) this.#outbox.postpone(device, now + wait);
        return false;
      }
    }
  }

  /** The alarm has come: sends what is due, and sees to the next alarm. */
  async run(): Promise<void> {
    let givenUp = 0;
    const due = this.#outbox.due(this.now(), SLICE);
    const failures = await eachSettled(due, AT_ONCE, async (push) => {
      if (await this.#attempt(push)) givenUp += 1;
    });
    if (givenUp > 0) log({ event: "pushes-given-up", object: "Inbox", count: givenUp });
    await this.rearm(failures.length > 0 ? this.now() + HEAL_MS : 0);
  }

  /** Rings this device and nobody else, whatever is preferred, and says what came of it. */
  async test(device: DeviceId): Promise<PushTest> {
    const subscription = this.subscriptions.get(device);
    if (!subscription) return { outcome: "not_subscribed", status: null };
    const { kind: outcome, status } = await this.#send(subscription, { kind: "test" });
    return { outcome, status };
  }
}
