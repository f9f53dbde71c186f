import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { EndpointName } from "../../../../workers/protocol/http/endpoints.ts";
import type { Assertion } from "../../../../workers/protocol/http/sessions.ts";
import { accountIdText } from "../../../../workers/protocol/ids.ts";
import { newDevice } from "../../../core/account/device.ts";
import { formatRecoveryCode } from "../../../core/crypto/recovery-code.ts";
import { prfUnlockKey } from "../../../core/crypto/unlock.ts";
import { CoreError } from "../../../core/errors.ts";
import {
  NOW,
  type Person,
  changed,
  codeOf,
  flipped,
  newPerson,
  seededSuite,
} from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { createSignIn } from "./sign-in.ts";

const suite = seededSuite("sign-in");
const one = await newPerson(suite);
const two = await changed(suite, one, { addDevice: newDevice(suite.random) });
/** Signed by the account key beside the second version. */
const fork = await changed(suite, one, { addDevice: newDevice(suite.random) });

/** The server's view of the own account, as of this person. */
const viewOf = ({ account, chain, prepared }: Person) => ({
  account: accountIdText(account),
  role: "patient",
  publicName: null,
  version: chain.length,
  manifestCbor: toBase64url(encodeCbor(chain.at(-1))),
  sealsCbor: toBase64url(prepared.seals),
  farewells: [],
});

/** A sign-in at a server that answers one route in its own way: how it ends, and how often it was asked. */
async function signIn(route: EndpointName, answer: (asked: number) => unknown) {
  const { account, chain, prepared } = two;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  server.now = NOW;
  let asked = 0;
  server.lies[route] = () => answer(++asked);
  const signing = () =>
    createSignIn(server.device()).withCode(formatRecoveryCode(one.recoverySecret));
  return { ended: await codeOf(signing), asked, puts: server.puts };
}

const refused = (code: "stale_version" | "manifest_refused" | "unavailable") => () => {
  throw new ProtocolError(code);
};

test("K13 the own account as the server shows it is opened, and this device added (control)", async () => {
  expect(await signIn("account", () => viewOf(two))).toEqual({ ended: "none", asked: 1, puts: 1 });
});

test("K6 a view of another version than the chain's head is asked for again, and nothing is signed on it", async () => {
  const healed = await signIn("account", (asked) => viewOf(asked < 3 ? one : two));
  expect(healed).toEqual({ ended: "none", asked: 3, puts: 1 });
  const { ended, asked, puts } = await signIn("account", () => viewOf(one));
  expect([ended, asked, puts]).toEqual([expect.stringContaining("stale_version"), 5, 0]);
});

test("K6 a view with another manifest of the head's version is a fork: said at once, nothing is signed", async () => {
  const ended = "manifest_forked";
  expect(await signIn("account", () => viewOf(fork))).toEqual({ ended, asked: 1, puts: 0 });
});

test("A1 a manifest that loses the race is built anew, but not for ever", async () => {
  const { ended, asked } = await signIn("putAccount", refused("stale_version"));
  expect([ended, asked]).toEqual([expect.stringContaining("stale_version"), 5]);
});

test("A1 a manifest that is refused for another reason is not sent again", async () => {
  const { ended, asked } = await signIn("putAccount", refused("manifest_refused"));
  expect([ended, asked]).toEqual([expect.stringContaining("manifest_refused"), 1]);
});

test("K6 while the own pin is out of reach nothing is signed: a server could hide it so", async () => {
  const { ended, puts } = await signIn("privateRecord", refused("unavailable"));
  expect([ended, puts]).toEqual([expect.stringContaining("unavailable"), 0]);
});

test("K7 a passkey whose output opens nothing here signs in all the same, and adds no device: the code is asked for", async () => {
  const output = suite.random.bytes(32);
  const person = await newPerson(suite, prfUnlockKey(output));
  const { account, chain, prepared } = person;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  server.now = NOW;
  const passkey: Assertion = {
    id: "AAAA",
    rawId: "AAAA",
    type: "public-key",
    response: {
      clientDataJSON: "AAAA",
      authenticatorData: "AAAA",
      signature: "AAAA",
      userHandle: accountIdText(account),
    },
  };
  const signing = (prf: Uint8Array) => createSignIn(server.device()).withPasskey(passkey, prf);
  expect(await signing(flipped(output))).toBeNull();
  expect(server.puts).toBe(0);
  // Any other failure is none of the passkey's.
  server.lies.account = refused("unavailable");
  await expect(signing(output)).rejects.toThrow("unavailable");
  server.lies.account = () => {
    throw new CoreError("manifest_refused");
  };
  await expect(signing(output)).rejects.toThrow("manifest_refused");
  delete server.lies.account;
  expect((await signing(output))?.identity.account).toEqual(account);
});
