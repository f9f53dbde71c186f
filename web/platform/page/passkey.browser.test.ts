import { afterEach, expect, test, vi } from "vitest";
import { createPasskey, getPasskey } from "./passkey.ts";

const options = { challenge: "AAAA", rpId: "localhost", salt: new Uint8Array(32).fill(7) };

afterEach(() => void vi.restoreAllMocks());

const cancelled = () => Promise.reject(new DOMException("by the person", "NotAllowedError"));

test("K7 a passkey is made where it can be found again, and only for whom the platform verified", async () => {
  const create = vi.spyOn(navigator.credentials, "create").mockImplementation(cancelled);
  const making = createPasskey({ ...options, userId: "AAAA", userName: "Ana" });
  await expect(making).rejects.toMatchObject({ failure: "passkey_cancelled" });
  expect(create.mock.lastCall?.[0]?.publicKey?.authenticatorSelection).toMatchObject({
    residentKey: "required",
    userVerification: "required",
  });
});

test("K7 a passkey is used only by whom the platform verified", async () => {
  const get = vi.spyOn(navigator.credentials, "get").mockImplementation(cancelled);
  await expect(getPasskey(options)).rejects.toMatchObject({ failure: "passkey_cancelled" });
  expect(get.mock.lastCall?.[0]?.publicKey?.userVerification).toBe("required");
});
