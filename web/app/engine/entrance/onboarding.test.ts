import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { NOW } from "../../../core/people.test-kit.ts";
import { scriptedApi } from "../device.test-kit.ts";
import { random } from "../store/local-store.test-kit.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { CommandProblem } from "../store/problem-of.ts";
import { createOnboarding } from "./onboarding.ts";

const ANA = { name: "Ana", notice: "2026-11", passkey: true };

/** An administrator's account in the making, at a server that takes it when it is not down. */
async function begun() {
  const server = { isDown: false, posted: 0 };
  const challenge = toBase64url(random.bytes(32));
  const api = scriptedApi({
    setup: () => ({ needed: true }),
    createAccount() {
      server.posted += 1;
      if (server.isDown) throw new ProtocolError("unavailable");
      return {};
    },
    challenge: () => ({ challenge, rpId: "localhost" }),
    deviceSession() {
      if (server.isDown) throw new ProtocolError("unauthenticated");
      return {};
    },
  });
  const suite = { random, ed25519: nobleEd25519 };
  const onboarding = createOnboarding({ api, store: memoryStore(), suite, now: () => NOW });
  await onboarding.open("https://thyme.test/setup#token", null);
  await onboarding.prepare(ANA);
  return { onboarding, server };
}

test("K8 K10 account seed, recovery secret and the link's secret are forgotten when the account is made", async () => {
  const { onboarding } = await begun();
  await onboarding.finish();
  await expect(onboarding.finish()).rejects.toThrow(CommandProblem);
  await expect(onboarding.passkeyCreation()).rejects.toThrow(CommandProblem);
  expect(() => onboarding.invitation()).toThrow(CommandProblem);
  await expect(onboarding.prepare(ANA)).rejects.toThrow(CommandProblem);
});

test("K8 K10 until then they stay: an attempt that failed posts the same account again (positive control)", async () => {
  const { onboarding, server } = await begun();
  server.isDown = true;
  await expect(onboarding.finish()).rejects.toThrow(ProtocolError);
  server.isDown = false;
  const { identity } = await onboarding.finish();
  expect([server.posted, identity.name]).toEqual([2, "Ana"]);
});
