import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import {
  type Attestation,
  createAccount,
  parkPasskey,
} from "../../../../workers/protocol/http/accounts.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { nobleEd25519 } from "../../../core/crypto/ed25519.ts";
import { encodeLink } from "../../../core/invitation/link.ts";
import { NOW } from "../../../core/people.test-kit.ts";
import { scriptedApi } from "../device.test-kit.ts";
import { random } from "../store/local-store.test-kit.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { createOnboarding } from "./onboarding.ts";

const patientLink = () =>
  `https://thyme.test/join#${encodeLink({ kind: "patient", inviter: random.bytes(32), secret: random.bytes(32) })}`;
const INPUT = { name: "Ana", notice: "2026-11", passkey: true };
const PRF = new Uint8Array(32).fill(7);

const attested = (): Attestation => {
  const id = toBase64url(random.bytes(32));
  return {
    id,
    rawId: id,
    type: "public-key",
    response: { clientDataJSON: "AA", attestationObject: "AA" },
  };
};

/** One device; `start` is a page that is loaded anew over what the device kept. */
function device() {
  const server = { refuses: null as ProtocolError | null, now: NOW };
  const posted: ReturnType<typeof createAccount.parse>[] = [];
  const parked = new Map<string, string>();
  const api = scriptedApi({
    invitation: () => ({
      role: "patient",
      state: "open",
      inviter: { publicName: "Dra. Ruiz" },
      expiresAt: NOW + 1,
    }),
    challenge: () => ({ challenge: toBase64url(random.bytes(32)), rpId: "localhost" }),
    parkPasskey(_params, _query, body) {
      const { passkey, secret } = parkPasskey.parse(body);
      parked.set(passkey.id, secret);
      return { rpId: "localhost" };
    },
    createAccount(_params, _query, body) {
      posted.push(createAccount.parse(body));
      if (server.refuses) throw server.refuses;
      return {};
    },
    deviceSession() {
      if (server.refuses) throw new ProtocolError("unauthenticated");
      return {};
    },
  });
  const store = memoryStore();
  const suite = { random, ed25519: nobleEd25519 };
  const start = () => createOnboarding({ api, store, suite, now: () => server.now });
  return { start, server, posted, parked };
}

const resumedOf = (state: object): unknown => ("resumed" in state ? state.resumed : undefined);

test("K10 a reload at any step goes on with the same name, code and passkey, without the link", async () => {
  const { start, posted, parked } = device();
  const first = start();
  expect(resumedOf(await first.open(patientLink(), null))).toBeNull();
  const { recoveryCode } = await first.prepare(INPUT);
  const seen = { name: "Ana", recoveryCode };
  expect(resumedOf(await start().open(null, null))).toEqual({ ...seen, step: "passkey" });

  const second = start();
  await second.open(null, null);
  const { userId } = await second.passkeyCreation();
  const credential = attested();
  await second.passkeyCreated(credential, PRF);
  const third = start();
  expect(resumedOf(await third.open(null, null))).toEqual({ ...seen, step: "confirm" });
  expect(await third.passkeyCreation()).toMatchObject({ userId, credential: credential.id });
  expect(await third.passkeyConfirmed(PRF)).toEqual({ again: false });

  const fourth = start();
  expect(resumedOf(await fourth.open(null, null))).toEqual({ ...seen, step: "code" });
  const { account } = await fourth.finish();
  expect(posted.map(({ passkey }) => passkey)).toEqual([
    { credential: credential.id, secret: parked.get(credential.id) },
  ]);
  const { unlocks } = account.prepared.verified.core;
  expect(unlocks.map(({ kind }) => kind)).toContain("prf");
  await expect(start().open(null, null)).rejects.toMatchObject({ problem: "bad_link" });
});

test("K10 the same link goes on, another begins anew and gives the passkey of the first up, once", async () => {
  const { start } = device();
  const link = patientLink();
  const first = start();
  await first.open(link, null);
  const { recoveryCode } = await first.prepare(INPUT);
  const credential = attested();
  await first.passkeyCreated(credential, null);

  const again = start();
  expect(resumedOf(await again.open(link, null))).toMatchObject({ recoveryCode });
  expect(again.abandoned()).toBeNull();
  const other = start();
  expect(resumedOf(await other.open(patientLink(), null))).toBeNull();
  expect(other.abandoned()).toEqual({ rpId: "localhost", credential: credential.id });
  expect(other.abandoned()).toBeNull();
  expect((await other.prepare(INPUT)).recoveryCode).not.toBe(recoveryCode);
});

test("K8 K10 after a day nothing of it is left", async () => {
  const { start, server } = device();
  const first = start();
  await first.open(patientLink(), null);
  await first.prepare(INPUT);
  server.now = NOW + LIMITS.parkedMs;
  expect(resumedOf(await start().open(null, null))).toMatchObject({ name: "Ana" });
  server.now += 1;
  await expect(start().open(null, null)).rejects.toMatchObject({ problem: "bad_link" });
  server.now = NOW;
  await expect(start().open(null, null)).rejects.toMatchObject({ problem: "bad_link" });
});

test("A1 K10 an account that could not be made keeps its draft through a reload", async () => {
  const { start, server, posted } = device();
  const first = start();
  await first.open(patientLink(), null);
  const { recoveryCode } = await first.prepare({ ...INPUT, passkey: false });
  server.refuses = new ProtocolError("unavailable");
  await expect(first.finish()).rejects.toThrow(ProtocolError);
  server.refuses = null;
  const again = start();
  expect(resumedOf(await again.open(null, null))).toMatchObject({ step: "code", recoveryCode });
  await again.finish();
  expect(posted).toHaveLength(2);
});

test("K10 a passkey that the server forgot is given up, and another may be made for the same account", async () => {
  const { start, server } = device();
  const first = start();
  await first.open(patientLink(), null);
  const { recoveryCode } = await first.prepare(INPUT);
  const { userId } = await first.passkeyCreation();
  const credential = attested();
  await first.passkeyCreated(credential, null);
  await first.withoutPasskey();
  server.refuses = new ProtocolError("passkey_refused");
  await expect(first.finish()).rejects.toThrow(ProtocolError);
  expect(first.abandoned()).toEqual({ rpId: "localhost", credential: credential.id });
  const again = start();
  expect(resumedOf(await again.open(null, null))).toMatchObject({ step: "passkey", recoveryCode });
  expect(await again.passkeyCreation()).toMatchObject({ userId, credential: null });
});
