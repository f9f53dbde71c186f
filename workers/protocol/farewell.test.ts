import { randomBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { decodeSignedFarewell, farewellOf } from "./farewell.ts";
import { makeAccount, makeDevice, makeFarewell } from "./manifest.test-kit.ts";
import { nobleVerifier } from "./signing.ts";

const account = makeAccount({}, 2);
const [leaving, staying] = [account.devices[0]!, account.devices[1]!];

const heard = (farewell: Uint8Array) =>
  farewellOf(nobleVerifier, account.core, decodeSignedFarewell(farewell));

test("K3 a live device says goodbye for itself (control)", async () => {
  expect((await heard(makeFarewell(account, leaving)))?.device).toEqual(leaving.id);
});

test("K3 nobody says it for another device: not one that lives beside it, and not one that is unknown", async () => {
  expect(await heard(makeFarewell(account, leaving, {}, staying))).toBeNull();
  const stranger = makeDevice();
  expect(await heard(makeFarewell(account, stranger))).toBeNull();
  expect(await heard(makeFarewell(account, leaving, {}, stranger))).toBeNull();
});

test("K3 a farewell of another account is none of this one's, though the device signed it", async () => {
  expect(await heard(makeFarewell(account, leaving, { account: randomBytes(32) }))).toBeNull();
});

test("K3 a farewell that names a manifest yet to come is refused", async () => {
  const { version } = account.core;
  expect(await heard(makeFarewell(account, leaving, { manifestVersion: version }))).not.toBeNull();
  expect(await heard(makeFarewell(account, leaving, { manifestVersion: version + 1 }))).toBeNull();
});
