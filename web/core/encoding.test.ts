import { describe, expect, test } from "vitest";
import { equalBytes } from "../../workers/protocol/bytes.ts";
import { decodeEnvelope } from "../../workers/protocol/envelope.ts";
import { PURPOSES, label } from "../../workers/protocol/labels.ts";
import { openDeviceSeal } from "./account/seals.ts";
import { headOf } from "./account/history.ts";
import { verifyHistory } from "./account/verify-history.ts";
import { applyBundle } from "./conversation/verify.ts";
import { hkdf } from "./crypto/primitives.ts";
import { openEnvelope } from "./messages/open.ts";
import { newRoom, resigned, send, write } from "./messages/room.test-kit.ts";
import { codeOf, contextOf, deliver, readerOf } from "./people.test-kit.ts";
import { nobleVerifier } from "../../workers/protocol/signing.ts";

const room = await newRoom("encoding");
const { owner, patient, created, context } = room;
const sent = await send(room, patient, write(room, patient, "hello"));

/** The version of an encoded map, `"v": 1`, made longer than it need be or another one. */
function withVersion(bytes: Uint8Array, replacement: number[]): Uint8Array {
  const at = bytes.findIndex(
    (byte, i) => byte === 0x61 && bytes[i + 1] === 0x76 && bytes[i + 2] === 1,
  );
  return Uint8Array.from([...bytes.slice(0, at + 2), ...replacement, ...bytes.slice(at + 3)]);
}
/** 1 in two bytes instead of one: the same value, another encoding */
const LONG = [0x18, 0x01];
const TWO = [0x02];

const envelopeReason = async (replacement: number[]) => {
  const bytes = await resigned(patient, sent, ({ envelope }) => ({
    envelope: { header: withVersion(envelope.header, replacement) },
  }));
  const result = await openEnvelope(context, bytes, 1);
  return result.ok ? "opened" : result.reason;
};
const bundleCode = async (replacement: number[]) => {
  const genesis = deliver(created.upload, owner.account);
  const core = withVersion(genesis.core, replacement);
  const signature = await owner.signer.sign("sign-bundle", core);
  const apply = applyBundle(
    contextOf(owner),
    null,
    { ...genesis, core, signature },
    readerOf(owner),
  );
  return codeOf(() => apply);
};
const manifestCode = async (replacement: number[]) => {
  const core = withVersion(owner.prepared.signed.core, replacement);
  const signer = await room.suite.ed25519.signer(owner.accountSeed);
  const signature = await signer.sign("sign-manifest", core);
  const verify = verifyHistory(nobleVerifier, owner.account, [{ core, signature }], null, null);
  return codeOf(() => verify);
};

describe("what is signed and opened is one encoding of one version", () => {
  test("E1 another encoding of the same value is refused, however well signed", async () => {
    expect(await envelopeReason(LONG)).toBe("malformed");
    expect(await bundleCode(LONG)).toBe("bundle_refused");
    expect(await manifestCode(LONG)).toBe("manifest_refused");
  });

  test("E4 another version is refused, however well signed", async () => {
    expect(await envelopeReason(TWO)).toBe("malformed");
    expect(await bundleCode(TWO)).toBe("bundle_refused");
    expect(await manifestCode(TWO)).toBe("manifest_refused");
  });

  test("E1, E4 the same detour without a change is accepted (positive control)", async () => {
    expect(await envelopeReason([1])).toBe("opened");
    expect(await bundleCode([1])).toBe("none");
    expect(await manifestCode([1])).toBe("none");
  });

  test("E2 what is signed is the bytes as transmitted", async () => {
    const again = await resigned(patient, sent, () => ({}));
    expect(equalBytes(decodeEnvelope(again).header, decodeEnvelope(sent).header)).toBe(true);
    const result = await openEnvelope(context, again, 1);
    expect(result.ok).toBe(true);
  });

  test("E3 every purpose gives another key", () => {
    const ikm = new Uint8Array(32);
    const keys = PURPOSES.map((purpose) => hkdf(ikm, label(purpose), 32).join());
    expect(new Set(keys).size).toBe(PURPOSES.length);
  });

  test("K5 seals are opened by what the signed manifest says, nothing else", async () => {
    const { core } = headOf(owner.history);
    const open = () => openDeviceSeal(core, owner.prepared.seals, patient.device);
    expect(await codeOf(open)).toBe("seals_refused");
  });
});
