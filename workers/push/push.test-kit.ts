import { env } from "cloudflare:workers";
import { inject } from "vitest";
import * as z from "zod/mini";
import type { Person } from "../accounts/person.test-kit.ts";
import { inboxObject } from "../objects/objects.ts";
import type { PushSubscriptionBody } from "../protocol/http/push.ts";
import { type PushPayload, pushPayload } from "../protocol/notifications/push-payload.ts";

const made = z.object({
  id: z.string(),
  endpoint: z.string(),
  p256dh: z.string(),
  auth: z.string(),
});
const log = z.object({
  pushes: z.array(
    z.object({
      text: z.string(),
      bytes: z.number(),
      headers: z.record(z.string(), z.string()),
      claims: z.object({ aud: z.string(), exp: z.number(), sub: z.string() }),
      algorithm: z.string(),
      publicKey: z.string(),
    }),
  ),
  followed: z.number(),
});

/** The push service on this machine (scripts/test). Asked anew each time: nothing of it is kept here. */
const service = (): string => inject("pushService");

/** Answers of the push service, one after the other; the last one stays. */
export type Answers = readonly {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}[];

/** A browser's subscription at a push service that answers so. */
export async function newSubscription(answers: Answers = [{ status: 201 }]) {
  const body = JSON.stringify(answers);
  const response = await fetch(`${service()}/subscriptions`, { method: "POST", body });
  const { id, ...keys } = made.parse(await response.json());
  const subscription: PushSubscriptionBody = {
    ...keys,
    language: "en",
    declarative: false,
    sound: true,
  };
  return {
    subscription,
    /** what came to it, decrypted by the service */
    async received() {
      return log.parse(await (await fetch(`${service()}/log/${id}`)).json());
    },
    async texts(): Promise<PushPayload[]> {
      const { pushes } = await this.received();
      return pushes.map(({ text }) => pushPayload.parse(JSON.parse(text)));
    },
    async count(): Promise<number> {
      return (await this.received()).pushes.length;
    },
  };
}
export type TestPhone = Awaited<ReturnType<typeof newSubscription>>;

/** Lets this person's device be rung there. */
export async function subscribe(
  { browser }: Pick<Person, "browser">,
  answers?: Answers,
  change: Partial<PushSubscriptionBody> = {},
): Promise<TestPhone> {
  const phone = await newSubscription(answers);
  await browser.get("subscribePush", { body: { ...phone.subscription, ...change } });
  return phone;
}

export const inboxOf = ({ id }: Pick<Person, "id">) => inboxObject(env, id);

/** A conversation in somebody's list, in which others write. */
export function someTalk(person: Pick<Person, "id">, conversation: Uint8Array) {
  let said = 0;
  const tell = (others: number) =>
    inboxOf(person).activity({
      conversation,
      shard: 0,
      head: 0,
      lastSeq: said + 1,
      lastAt: said + 1,
      others,
    });
  let others = 0;
  return {
    conversation,
    /** so that it is in the list */
    begin: () => tell(0),
    /** a message of somebody else's */
    say: () => {
      said += 1;
      others += 1;
      return tell(others);
    },
    /** an own message, or a quiet one */
    quiet: () => {
      said += 1;
      return tell(others);
    },
    get seq(): number {
      return said + 1;
    },
  };
}
