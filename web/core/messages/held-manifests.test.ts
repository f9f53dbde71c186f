import { expect, test } from "vitest";
import { newDevice } from "../account/device.ts";
import { changed } from "../people.test-kit.ts";
import { type Claimed, type OpeningContext, authorityOf } from "./authority.ts";
import { isFirstOfNewDevice } from "./new-device.ts";
import { newRoom } from "./room.test-kit.ts";

const room = await newRoom("held manifests");
const { patient, together, context, suite } = room;
const two = await changed(suite, patient, { addDevice: newDevice(suite.random) });

const claimed: Claimed = {
  n: 1,
  head: together.bundles[1]!.hash,
  account: patient.account,
  device: patient.device.id,
  manifestVersion: 1,
};
const holding = (historyOf: OpeningContext["historyOf"]): OpeningContext => ({
  ...context,
  historyOf,
});

test("C8 without any manifest of its account a claim waits for one", () => {
  expect(authorityOf(context, claimed)).toMatchObject({ key: patient.device.signPub });
  expect(
    authorityOf(
      holding(() => undefined),
      claimed,
    ),
  ).toBe("manifest_needed");
});

test("C8 a version below those that are held proves nothing", () => {
  const history = { ...two.history, manifests: two.history.manifests.slice(1) };
  expect(
    authorityOf(
      holding(() => two.history),
      claimed,
    ),
  ).toMatchObject({ history: two.history });
  expect(
    authorityOf(
      holding(() => history),
      claimed,
    ),
  ).toBe("unknown_device");
});

test("C8 of a device whose account's manifests are not held nothing is said", () => {
  const first = { account: patient.account, device: suite.random.bytes(32), deviceSeq: 1 };
  expect(isFirstOfNewDevice(context, first)).toBe(true);
  expect(
    isFirstOfNewDevice(
      holding(() => undefined),
      first,
    ),
  ).toBe(false);
});
