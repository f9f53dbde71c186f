import { expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { settleDevice } from "./settle-device.ts";

const failing = (error: Error) => () => Promise.reject(error);

test("A1: a device that can bind has its manifest at the server", async () => {
  expect(await settleDevice(() => Promise.resolve())).toBe("done");
});

test("A1: a device that the server does not know lets its keys go and asks for a new gesture", async () => {
  for (const code of ["unauthenticated", "not_found"] as const) {
    expect(await settleDevice(failing(new ProtocolError(code)))).toBe("drop");
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
  for (const error of errors) await expect(settleDevice(failing(error))).rejects.toBe(error);
});
