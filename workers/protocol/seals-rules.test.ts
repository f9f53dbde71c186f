import { randomBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { encodeCbor } from "./cbor.ts";
import { type ErrorCode, ProtocolError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import {
  type TestAccount,
  makeAccount,
  makeDevice,
  makeKemPublic,
  makeUnlock,
  sealsFor,
  succeed,
  withDevice,
  withoutDevice,
} from "./manifest.test-kit.ts";
import { type AccountSeals, decodeAccountSeals, sealsHash } from "./manifest.ts";
import { checkAccountSeals } from "./seals-rules.ts";

const REFUSED = "manifest_refused";
const account = withDevice(makeAccount({ unlocks: [makeUnlock(), makeUnlock("prf")] }));
const seals = decodeAccountSeals(account.sealsCbor);

function outcome(act: () => unknown): ErrorCode | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** As the account key signs it: the manifest names these very seals. */
const signed = (of: TestAccount, changed: AccountSeals, before: AccountSeals | null = null) => {
  const bytes = encodeCbor(changed);
  const core = { ...of.core, sealsHash: sealsHash(bytes) };
  return outcome(() => checkAccountSeals(core, bytes, before));
};

test("K5 the seals of a manifest, first and following (positive control)", () => {
  expect(signed(account, seals)).toBeNull();
  expect(checkAccountSeals(account.core, account.sealsCbor)).toEqual(seals);
  const next = withoutDevice(withDevice(account), account.devices[1]!);
  expect(signed(next, decodeAccountSeals(next.sealsCbor), seals)).toBeNull();
});

describe("K5 only what the manifest names by its hash", () => {
  test("K5 other seals are refused, however good, and so is any changed bit of a key", () => {
    const again = encodeCbor(sealsFor(account.core, account.devices));
    expect(outcome(() => checkAccountSeals(account.core, again))).toBe(REFUSED);
    const swapped = seals.devices.map((one) => ({ ...one, kemPub: makeKemPublic() }));
    const bytes = encodeCbor({ ...seals, devices: swapped });
    expect(outcome(() => checkAccountSeals(account.core, bytes))).toBe(REFUSED);
    expect(signed(account, { ...seals, devices: swapped })).toBeNull();
  });

  test("K5 exactly its devices and its methods, in its order", () => {
    const [device, other] = seals.devices;
    const [code, prf] = seals.unlocks;
    const stranger = { ...device!, device: makeDevice().id };
    for (const devices of [
      [],
      [device!],
      [other!, device!],
      [device!, device!],
      [device!, stranger],
      [...seals.devices, stranger],
    ]) {
      expect(signed(account, { ...seals, devices })).toBe(REFUSED);
    }
    const unknown = { ...code!, id: randomBytes(16) };
    for (const unlocks of [[], [code!], [prf!, code!], [code!, code!], [code!, unknown]]) {
      expect(signed(account, { ...seals, unlocks })).toBe(REFUSED);
    }
  });

  test("E1 no more of either than an account may have, whoever signed it", () => {
    const [device] = seals.devices;
    const [method] = seals.unlocks;
    const devices = Array.from({ length: LIMITS.devices + 1 }, () => device!);
    expect(signed(account, { ...seals, devices })).toBe("bad_request");
    const unlocks = Array.from({ length: LIMITS.unlocks + 1 }, () => method!);
    expect(signed(account, { ...seals, unlocks })).toBe("bad_request");
  });
});

describe("E7 K5 the keys in them", () => {
  const bad = makeKemPublic().fill(255, 0, 3);

  test("E7 each has to be admissible: of a device and of a method, of the first and of the last", () => {
    for (const at of [0, 1]) {
      const devices = seals.devices.map((one, i) => (i === at ? { ...one, kemPub: bad } : one));
      expect(signed(account, { ...seals, devices })).toBe(REFUSED);
      const unlocks = seals.unlocks.map((one, i) => (i === at ? { ...one, kemPub: bad } : one));
      expect(signed(account, { ...seals, unlocks })).toBe(REFUSED);
    }
  });

  test("K5 who stays keeps its key; who is new brings one, which is looked at", () => {
    const kemPub = makeKemPublic();
    const more = withDevice(account);
    const next = decodeAccountSeals(more.sealsCbor);
    expect(signed(more, next, seals)).toBeNull();
    const rewritten = next.devices.map((one, i) => (i === 0 ? { ...one, kemPub } : one));
    expect(signed(more, { ...next, devices: rewritten }, seals)).toBe(REFUSED);
    const grown = next.unlocks.map((one, i) => (i === 1 ? { ...one, kemPub } : one));
    expect(signed(more, { ...next, unlocks: grown }, seals)).toBe(REFUSED);
    const fresh = next.devices.map((one, i) => (i === 2 ? { ...one, kemPub } : one));
    expect(signed(more, { ...next, devices: fresh }, seals)).toBeNull();
    const broken = next.devices.map((one, i) => (i === 2 ? { ...one, kemPub: bad } : one));
    expect(signed(more, { ...next, devices: broken }, seals)).toBe(REFUSED);
  });

  test("K5 a method that took another's place is a new one, under a key of its own", () => {
    const [code] = account.core.unlocks;
    const renewed = succeed(account, { unlocks: [code!, makeUnlock("prf")] });
    expect(signed(renewed, decodeAccountSeals(renewed.sealsCbor), seals)).toBeNull();
  });
});
