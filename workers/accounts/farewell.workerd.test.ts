import { describe, expect, test } from "vitest";
import { Browser } from "../http/browser.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import {
  type TestAccount,
  makeDevice,
  makeFarewell,
  succeed,
  withDeparted,
  withDevice,
} from "../protocol/manifest.test-kit.ts";
import {
  type Person,
  deviceOf,
  deviceSessionBody,
  seedPerson,
  signInAs,
} from "./person.test-kit.ts";

const bodyOf = ({ manifestCbor, sealsCbor }: TestAccount) => ({
  manifestCbor: toBase64url(manifestCbor),
  sealsCbor: toBase64url(sealsCbor),
});
const leave = ({ browser }: Pick<Person, "browser">, farewell: Uint8Array) =>
  browser.outcome("farewell", { body: { farewell: toBase64url(farewell) } });

/** A person with a desk and a phone, both signed in. */
async function twoDevices() {
  const desk = await seedPerson("patient");
  const account = withDevice(desk.account);
  await desk.browser.get("putAccount", { body: bodyOf(account) });
  const phone = account.devices[1] ?? makeDevice();
  const browser = await signInAs({ ...desk, account }, true, phone);
  return { desk, account, phone, other: { browser } };
}

describe("K3 a device that signs out", () => {
  test("K3 leaves a farewell, its sessions end, and no other device is touched", async () => {
    const { desk, account, phone, other } = await twoDevices();
    const farewell = makeFarewell(account, phone);
    expect(await leave(other, farewell)).toBe("ok");
    expect(await other.browser.outcome("session")).toBe("unauthenticated");
    expect(await desk.browser.outcome("session")).toBe("ok");
    const view = await desk.browser.get("account");
    expect(view.farewells).toEqual([toBase64url(farewell)]);
  });

  test("K3 gets no session any more, though the manifest still has it", async () => {
    const { desk, account, phone, other } = await twoDevices();
    const bind = async (device: typeof phone) => {
      const browser = new Browser();
      const body = await deviceSessionBody(browser, account, device);
      return browser.outcome("deviceSession", { body });
    };
    expect(await bind(phone)).toBe("ok");
    expect(await leave(other, makeFarewell(account, phone))).toBe("ok");
    expect(await bind(phone)).toBe("unauthenticated");
    expect(await bind(deviceOf(account))).toBe("ok");
    expect(
      (await desk.browser.get("sessions")).sessions.every(
        ({ device }) => device !== toBase64url(phone.id),
      ),
    ).toBe(true);
  });

  test("K3 the manifest in which it departs takes its farewell up", async () => {
    const { desk, account, phone, other } = await twoDevices();
    await leave(other, makeFarewell(account, phone));
    const next = withDeparted(account, phone);
    const view = await desk.browser.get("putAccount", { body: bodyOf(next) });
    expect([view.version, view.farewells]).toEqual([3, []]);
  });

  test("K3 a manifest that leaves it live keeps its farewell for the next", async () => {
    const { desk, account, phone, other } = await twoDevices();
    await leave(other, makeFarewell(account, phone));
    const view = await desk.browser.get("putAccount", { body: bodyOf(withDevice(account)) });
    expect(view.farewells.length).toBe(1);
  });

  test("K3 says so itself, for its own account and a manifest that there is", async () => {
    const { desk, account, phone, other } = await twoDevices();
    const first = deviceOf(account);
    const stranger = succeed(account);
    const bad = [
      makeFarewell(account, first),
      makeFarewell(account, phone, {}, first),
      makeFarewell(account, phone, { account: stranger.hash }),
      makeFarewell(account, phone, { manifestVersion: 3 }),
      makeFarewell(account, makeDevice()),
      new Uint8Array([1]),
    ];
    for (const farewell of bad) expect(await leave(other, farewell)).toBe("bad_request");
    expect((await desk.browser.get("account")).farewells).toEqual([]);
    expect(await leave(other, makeFarewell(account, phone))).toBe("ok");
  });
});
