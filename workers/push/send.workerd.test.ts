import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { settingsOf } from "../env.ts";
import { newSubscription } from "./push.test-kit.ts";
import { sendPush } from "./send.ts";

const { vapid, pushHosts: hosts } = settingsOf(env);
if (!vapid) throw new Error("tests have keys");

describe("sending a push", () => {
  test("N1 what is sent is what the device reads, byte for byte", async () => {
    const phone = await newSubscription();
    const text = "¡Hola! 👋 ".repeat(20);
    const outcome = await sendPush({ vapid, hosts }, phone.subscription, text);
    expect(outcome).toEqual({ kind: "sent", status: 201 });
    const { pushes } = await phone.received();
    expect(pushes.map((push) => push.text)).toEqual([text]);
  });

  test("N1 a push service that takes it and never answers is away", async () => {
    const phone = await newSubscription([{ status: 0 }, { status: 201 }]);
    const sending = () => sendPush({ vapid, hosts }, phone.subscription, "x", 500);
    expect(await sending()).toEqual({ kind: "unreachable", status: null, retryAfterMs: 0 });
    expect(await sending()).toEqual({ kind: "sent", status: 201 });
  });

  test("N1 a host that is no push service any more is not called", async () => {
    const phone = await newSubscription();
    const outcome = await sendPush({ vapid, hosts: [] }, phone.subscription, "x");
    expect([outcome, await phone.count()]).toEqual([{ kind: "refused", status: null }, 0]);
  });

  test("N1 secrets that are no keys call nobody", async () => {
    const phone = await newSubscription();
    const broken = { ...vapid, privateKey: "AAAA" };
    const outcome = await sendPush({ vapid: broken, hosts }, phone.subscription, "x");
    expect([outcome, await phone.count()]).toEqual([{ kind: "refused", status: null }, 0]);
  });
});
