import { expect, test } from "vitest";
import type * as z from "zod/mini";
import { toBase64url } from "./bytes.ts";
import { bundleCore, bundleUpload } from "./bundle.ts";
import { authorOf, createBundle, makeInvite } from "./bundle.test-kit.ts";
import { envelopeHeader } from "./envelope.ts";
import { errorBody } from "./errors.ts";
import { base64url, base64urlOf, positive, time, unsigned } from "./fields.ts";
import { conversationUp } from "./frames.ts";
import { accountView, attestation, createAccount } from "./http/accounts.ts";
import { frameRequest, tailsRequest } from "./http/conversations.ts";
import { afterRestoreRequest, continueOnShardRequest } from "./http/operator.ts";
import { pushSubscription } from "./http/push.ts";
import { assertion } from "./http/sessions.ts";
import { LIMITS } from "./limits.ts";
import { makeAccount, makeUnlock } from "./manifest.test-kit.ts";
import { manifestCore } from "./manifest.ts";

const account = makeAccount();
const { core: manifest } = account;
const bundle = createBundle(authorOf(account), [makeInvite()]);
const { core, upload } = bundle;

const id32 = "A".repeat(43);
const bytes = (length: number) => new Uint8Array(length);
const text = (length: number) => "a".repeat(length);
/** As often as is asked; what is refused does not depend on what is in it. */
const many =
  <T>(one: T) =>
  (count: number): T[] =>
    Array.from({ length: count }, () => one);

const header = {
  v: 1,
  conversation: bytes(32),
  n: 0,
  head: bytes(32),
  account: bytes(32),
  device: bytes(32),
  manifestVersion: 1,
  deviceSeq: 1,
  messageId: Uint8Array.from({ length: 16 }, (_, i) => (i === 6 ? 0x70 : i === 8 ? 0x80 : 0)),
  salt: bytes(32),
  quiet: false,
};
const passkey = { id: "AA", rawId: "AA", type: "public-key" };
const attested = { clientDataJSON: "AA", attestationObject: "AA" };
const asserted = {
  clientDataJSON: "AA",
  authenticatorData: "AA",
  signature: "AA",
  userHandle: id32,
};
const creation = {
  claim: { kind: "setup", token: "" },
  passkey: null,
  manifestCbor: "AA",
  sealsCbor: "AA",
  recovery: { id: "A".repeat(22), authHash: id32 },
  publicName: null,
  consent: { notice: "1" },
};
const view = { account: id32, role: "patient", publicName: null, version: 1 };

interface Cap {
  readonly what: string;
  readonly schema: z.ZodMiniType;
  /** a value with so many of it, or one so long */
  readonly of: (count: number) => unknown;
  readonly least: number;
  readonly most: number;
}

const cap = (what: string, schema: z.ZodMiniType, of: Cap["of"], most: number, least = 0): Cap => ({
  what,
  schema,
  of,
  most,
  least,
});

const name = (of: (name: string) => unknown) => (length: number) => of(text(length));

const CAPS: readonly Cap[] = [
  cap(
    "C1 members of a bundle",
    bundleCore,
    (count) => ({ ...core, roster: many(core.roster[0])(count) }),
    LIMITS.roster,
    1,
  ),
  cap(
    "open invitations of a bundle",
    bundleCore,
    (count) => ({ ...core, pending: many(core.pending[0])(count) }),
    LIMITS.pending,
  ),
  cap(
    "seals of a bundle",
    bundleUpload,
    (count) => ({ ...upload, seals: many(bytes(1))(count) }),
    LIMITS.roster + LIMITS.pending,
  ),
  cap(
    "grants of a bundle",
    bundleUpload,
    (count) => ({ ...upload, grants: many(bytes(1))(count) }),
    LIMITS.roster + LIMITS.pending,
  ),
  cap(
    "K2 devices of a manifest",
    manifestCore,
    (count) => ({ ...manifest, devices: many(manifest.devices[0])(count) }),
    LIMITS.devices,
  ),
  cap(
    "K5 gone devices that a manifest names: no more can go with it than there were",
    manifestCore,
    (count) => ({ ...manifest, gone: many({ device: bytes(32), how: "revoked", at: 1 })(count) }),
    LIMITS.devices,
  ),
  cap(
    "K4 unlock methods of a manifest",
    manifestCore,
    (count) => ({ ...manifest, unlocks: many(makeUnlock())(count) }),
    LIMITS.unlocks,
    1,
  ),
  cap(
    "attachments of an envelope",
    envelopeHeader,
    (count) => ({ ...header, blobIds: many(bytes(16))(count) }),
    16,
  ),
  cap(
    "envelopes of a frame",
    conversationUp,
    (count) => ({ t: "send", envelopes: many(bytes(1))(count) }),
    LIMITS.envelopesPerFrame,
    1,
  ),
  cap(
    "envelopes beside a bundle",
    conversationUp,
    (count) => ({ t: "bundle", bundle: upload, envelopes: many(bytes(1))(count) }),
    LIMITS.envelopesPerFrame,
  ),
  cap(
    "a public name",
    createAccount,
    name((publicName) => ({ ...creation, publicName })),
    LIMITS.publicName,
    1,
  ),
  cap(
    "the name of a notice",
    createAccount,
    name((notice) => ({ ...creation, consent: { notice } })),
    32,
    1,
  ),
  cap(
    "a setup token",
    createAccount,
    name((token) => ({ ...creation, claim: { kind: "setup", token } })),
    256,
  ),
  cap(
    "the kind of a new passkey",
    attestation,
    name((authenticatorAttachment) => ({
      ...passkey,
      authenticatorAttachment,
      response: attested,
    })),
    32,
  ),
  cap(
    "the name of a passkey's transport",
    attestation,
    name((one) => ({ ...passkey, response: { ...attested, transports: [one] } })),
    32,
  ),
  cap(
    "a passkey's transports",
    attestation,
    (count) => ({ ...passkey, response: { ...attested, transports: many("usb")(count) } }),
    8,
  ),
  cap(
    "the kind of a passkey",
    assertion,
    name((authenticatorAttachment) => ({
      ...passkey,
      authenticatorAttachment,
      response: asserted,
    })),
    32,
  ),
  cap(
    "farewells beside a manifest",
    accountView,
    (count) => ({ ...view, manifestCbor: "AA", sealsCbor: "AA", farewells: many("AA")(count) }),
    LIMITS.devices,
  ),
  cap("frames of a request", frameRequest, (count) => ({ frames: many("AA")(count) }), 16, 1),
  cap(
    "conversations of a request for tails",
    tailsRequest,
    (count) => ({ conversations: many(id32)(count) }),
    LIMITS.tails,
    1,
  ),
  cap(
    "an operator's pass",
    afterRestoreRequest,
    name((pass) => ({ pass, after: null })),
    128,
  ),
  cap(
    "an operator's pass for a shard",
    continueOnShardRequest,
    name((pass) => ({ pass, from: 0, to: 1, after: null })),
    128,
  ),
  cap(
    "N1 the address of a push subscription",
    pushSubscription,
    name((endpoint) => ({
      endpoint,
      p256dh: toBase64url(bytes(65)),
      auth: toBase64url(bytes(16)),
      language: "en",
      declarative: false,
      sound: true,
    })),
    LIMITS.pushEndpoint,
  ),
];

test.each(CAPS)(
  "$what: from $least to $most, and no other number",
  ({ schema, of, least, most }) => {
    const isTaken = (count: number) => schema.safeParse(of(count)).success;
    expect(isTaken(least)).toBe(true);
    expect(isTaken(most)).toBe(true);
    expect(isTaken(most + 1)).toBe(false);
    if (least > 0) expect(isTaken(least - 1)).toBe(false);
  },
);

test("a count is never negative, and a place is none below 1", () => {
  const isTaken = (schema: z.ZodMiniType, value: number) => schema.safeParse(value).success;
  expect([isTaken(unsigned, 0), isTaken(unsigned, -1), isTaken(unsigned, 0.5)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([isTaken(time, 0), isTaken(time, -1)]).toEqual([true, false]);
  expect([isTaken(positive, 1), isTaken(positive, 0)]).toEqual([true, false]);
});

test("a wait is never negative", () => {
  const wait = (retryAfterMs: number) =>
    errorBody.safeParse({ error: "internal", retryAfterMs }).success;
  expect(wait(0)).toBe(true);
  expect(wait(-1)).toBe(false);
});

test.each([
  ["of a known length", base64urlOf(2)],
  ["up to a cap", base64url(9)],
])(
  "base64url %s is the one text of its bytes: no other alphabet, no padding, no stray bits",
  (_, schema) => {
    const isTaken = (given: string) => schema.safeParse(given).success;
    expect(isTaken("_-8")).toBe(true);
    for (const other of ["/+8", "_ 8", "_-9", "_-=", "_-\n"])
      expect(isTaken(other), other).toBe(false);
  },
);
