import { expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { newDevice } from "../../../core/account/device.ts";
import { changed, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { settleDevice } from "./settle-device.ts";

const suite = seededSuite("settle device");
const one = await newPerson(suite);
const two = await changed(suite, one, { addDevice: newDevice(suite.random) });
const three = await changed(suite, two, { addDevice: newDevice(suite.random) });
/** Signed by the account key too, in the place of the second version. */
const other = await changed(suite, one, { addDevice: newDevice(suite.random) });

const bind = () => Promise.resolve();
const showing = (chain: typeof one.chain) => ({ bind, chain: () => Promise.resolve(chain) });
const failing = (error: Error) => () => Promise.reject(error);

test("A1: where the server has that very manifest, whatever came after it, the device goes on with the chain", async () => {
  for (const { chain } of [two, three]) {
    expect(await settleDevice(two.prepared, showing(chain))).toBe(chain);
  }
  expect(await settleDevice(one.prepared, showing(one.chain))).toBe(one.chain);
});

test("A1: where it has none in its place, or another one, the keys go and a new gesture is asked for", async () => {
  for (const chain of [[], one.chain, other.chain]) {
    expect(await settleDevice(two.prepared, showing(chain))).toBeNull();
  }
});

test("A1: a device that the server does not know lets its keys go and asks for a new gesture", async () => {
  for (const code of ["unauthenticated", "not_found"] as const) {
    const refused = failing(new ProtocolError(code));
    const chain = () => Promise.resolve(two.chain);
    expect(await settleDevice(two.prepared, { bind: refused, chain })).toBeNull();
    expect(await settleDevice(two.prepared, { bind, chain: refused })).toBeNull();
  }
});

test("A1: a server in trouble or no network decides nothing: the keys stay for the next start", async () => {
  const errors = [
    new ProtocolError("unavailable"),
    new ProtocolError("rate_limited"),
    new ProtocolError("internal"),
    new ProtocolError("challenge_refused"),
    new PlatformError("offline"),
  ];
  const chain = () => Promise.resolve(two.chain);
  for (const error of errors) {
    const ask = failing(error);
    await expect(settleDevice(two.prepared, { bind: ask, chain })).rejects.toBe(error);
    await expect(settleDevice(two.prepared, { bind, chain: ask })).rejects.toBe(error);
  }
});
