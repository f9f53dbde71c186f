import { randomBytes } from "@noble/hashes/utils.js";
import {
  type Person,
  claimOf,
  creationBody,
  deviceSessionBody,
  makeRecovery,
  seedInvitation,
  signInAs,
} from "../accounts/person.test-kit.ts";
import { SoftAuthenticator } from "../accounts/authenticator.test-kit.ts";
import { authorOf, createBundle, makeInvite } from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import type { EndpointName } from "../protocol/http/endpoints.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import {
  type TestAccount,
  makeAccount,
  makeDevice,
  makeFarewell,
  withDevice,
} from "../protocol/manifest.test-kit.ts";
import { type Asked, Browser } from "./browser.test-kit.ts";
import type { World } from "./world.test-kit.ts";

export const ACTORS = [
  "anonymous",
  "unbound",
  "patient",
  "otherPatient",
  "practitioner",
  "otherPractitioner",
  "administrator",
] as const;
export type Actor = (typeof ACTORS)[number];

type Answers = Readonly<Record<Actor, ErrorCode | "ok">>;

interface Row {
  readonly answers: Answers;
  /** a request for what patient and practitioner of the world have; null: nobody is asking */
  ask(world: World, who: Person | null): Asked | Promise<Asked>;
  /** the same for what does not exist */
  unknown?(world: World, who: Person | null): Asked | Promise<Asked>;
}

const everybody = (answer: ErrorCode | "ok"): Answers => ({
  anonymous: answer,
  unbound: answer,
  patient: answer,
  otherPatient: answer,
  practitioner: answer,
  otherPractitioner: answer,
  administrator: answer,
});
const ANYBODY = everybody("ok");
const SESSION: Answers = { ...ANYBODY, anonymous: "unauthenticated" };
const NOBODY: Answers = {
  ...everybody("not_found"),
  anonymous: "unauthenticated",
  unbound: "device_required",
};
/** patient and practitioner share the conversation */
const MEMBERS: Answers = { ...NOBODY, patient: "ok", practitioner: "ok" };

const nothing = () => ({});
const id = (length: number) => toBase64url(randomBytes(length));
const ofConversation = (conversation: string, more: Asked = {}): Asked => ({
  params: { conversation },
  ...more,
});
const members = (more: Asked = {}): Row => ({
  answers: MEMBERS,
  ask: ({ conversation }) => ofConversation(conversation, more),
  unknown: () => ofConversation(id(32), more),
});
const hello = toBase64url(encodeCbor({ t: "hello", v: 1, cursor: 0 }));
const creation = async ({ practitioner }: World): Promise<Asked> => {
  const account = makeAccount();
  const invite = await seedInvitation(practitioner.id, practitioner.conversation);
  return { body: creationBody(account, claimOf(invite, account.id), null) };
};
const nextManifest = (who: Person | null): Asked => {
  const next = withDevice(who?.account ?? makeAccount());
  const manifestCbor = toBase64url(next.manifestCbor);
  return { body: { manifestCbor, sealsCbor: toBase64url(next.sealsCbor) } };
};
const farewellOfDevice = (account: TestAccount): Asked => {
  const farewell = makeFarewell(account, account.devices[0] ?? makeDevice());
  return { body: { farewell: toBase64url(farewell) } };
};
const unknownPasskey = (): Asked => {
  const site = { challenge: id(32), origin: "https://thyme.test", rpId: "thyme.test" };
  return { body: { passkey: new SoftAuthenticator().get(site, randomBytes(32)) } };
};
const claim = (invite: ReturnType<typeof makeInvite>, who: Person | null): Asked => ({
  params: { invite: toBase64url(invite.id) },
  body: { signature: claimOf(invite, who?.account.id ?? randomBytes(32)).signature },
});

/** An upload of the patient's, the same for all who ask for it: all that is asked of one may be asked again. */
const ofUpload = (parts: 0 | 1, more: Asked = {}): Row => {
  const begun = new WeakMap<World, Promise<{ conversation: string; blob: string }>>();
  const begin = async ({ patient, conversation }: World) => {
    const params = { conversation, blob: id(16) };
    const browser = await signInAs(patient);
    await browser.get("beginUpload", { params, body: { blob: params.blob, bytes: 100 } });
    const part = { params: { ...params, part: "1" }, body: new Uint8Array(100) };
    if (parts > 0) await browser.get("uploadPart", part);
    return params;
  };
  return {
    answers: { ...NOBODY, patient: "ok" },
    async ask(world) {
      const upload = begun.get(world) ?? begin(world);
      begun.set(world, upload);
      return { ...more, params: { ...(await upload), ...more.params } };
    },
    unknown: ({ conversation }) => ({
      ...more,
      params: { conversation, blob: id(16), ...more.params },
    }),
  };
};

/** What each endpoint answers to whom. An endpoint without a row does not compile. */
export const ROWS: { readonly [Name in EndpointName]: Row } = {
  // Whoever has no pass learns not even that there are such.
  afterRestore: {
    answers: everybody("not_found"),
    ask: () => ({ body: { pass: "x", after: null } }),
  },
  continueOnShard: {
    answers: everybody("not_found"),
    ask: () => ({ body: { pass: "x", from: 0, to: 1, after: null } }),
  },
  health: { answers: ANYBODY, ask: nothing },
  setup: { answers: ANYBODY, ask: nothing },
  challenge: { answers: ANYBODY, ask: () => ({ body: { purpose: "device" } }) },
  createAccount: { answers: ANYBODY, ask: creation },
  passkeySession: { answers: everybody("passkey_unknown"), ask: unknownPasskey },
  recoverySession: {
    answers: everybody("recovery_refused"),
    ask: () => {
      const { id: code, auth } = makeRecovery();
      return { body: { id: toBase64url(code), auth: toBase64url(auth) } };
    },
  },
  // Whoever holds the device's key is the device, whatever the cookie says.
  deviceSession: {
    answers: ANYBODY,
    ask: async ({ patient }) => ({ body: await deviceSessionBody(new Browser(), patient.account) }),
  },
  session: { answers: SESSION, ask: nothing },
  endSession: { answers: SESSION, ask: nothing },
  farewell: {
    answers: { ...SESSION, unbound: "device_required" },
    ask: (_, who) => farewellOfDevice(who?.account ?? makeAccount()),
  },
  sessions: { answers: SESSION, ask: nothing },
  revokeSession: {
    answers: {
      ...everybody("not_found"),
      anonymous: "unauthenticated",
      unbound: "ok",
      patient: "ok",
    },
    ask: async ({ newSessionOf, patient }) => ({
      params: { session: await newSessionOf(patient) },
    }),
    unknown: () => ({ params: { session: id(16) } }),
  },
  account: { answers: SESSION, ask: nothing },
  putAccount: {
    // The world's manifests are one for all actors of a row: who is second comes too late.
    answers: { ...SESSION, patient: "stale_version" },
    ask: (_, who) => nextManifest(who),
  },
  ownManifests: { answers: SESSION, ask: nothing },
  manifests: {
    answers: MEMBERS,
    ask: ({ patient, conversation }) => ({
      params: { account: patient.id },
      query: { conversation },
    }),
    unknown: ({ patient }) => ({
      params: { account: patient.id },
      query: { conversation: id(32) },
    }),
  },
  privatePage: { answers: SESSION, ask: nothing },
  privateRecord: {
    answers: {
      ...everybody("not_found"),
      anonymous: "unauthenticated",
      unbound: "ok",
      patient: "ok",
    },
    ask: ({ recordOfPatient }) => ({ params: { key: recordOfPatient } }),
    unknown: () => ({ params: { key: id(32) } }),
  },
  putPrivate: {
    answers: SESSION,
    ask: () => ({ params: { key: id(32) }, body: { version: 0, value: "" } }),
  },
  invitation: {
    answers: ANYBODY,
    ask: ({ openInvite }) => ({ params: { invite: toBase64url(openInvite.id) } }),
  },
  claim: {
    answers: { ...NOBODY, patient: "ok", otherPatient: "ok" },
    ask: ({ openInvite }, who) => claim(openInvite, who),
    unknown: (_, who) => claim(makeInvite(), who),
  },
  createInvitation: {
    answers: { ...NOBODY, administrator: "ok" },
    ask: () => ({
      body: {
        signPub: toBase64url(makeInvite().entry.signPub),
        expiresAt: Date.now() + 60_000,
      },
    }),
  },
  invitations: { answers: { ...NOBODY, administrator: "ok" }, ask: nothing },
  createConversation: {
    answers: { ...NOBODY, practitioner: "ok", otherPractitioner: "ok" },
    ask: (_, who) => {
      const { upload } = createBundle(authorOf(who?.account ?? makeAccount()), [], (core) => ({
        ...core,
        time: Date.now(),
      }));
      return { body: { bundleCbor: toBase64url(encodeCbor(upload)) } };
    },
  },
  bundles: members(),
  log: members(),
  frames: members({ body: { frames: [hello] } }),
  // Places that nobody wrote are answered like a conversation that is none of the caller's business.
  deletions: {
    ...members({ body: { seq: 1, deletion: 2 } }),
    answers: { ...MEMBERS, patient: "not_found", practitioner: "not_found" },
  },
  beginUpload: {
    answers: MEMBERS,
    ask: ({ conversation }) => ofConversation(conversation, { body: { blob: id(16), bytes: 100 } }),
    unknown: () => ofConversation(id(32), { body: { blob: id(16), bytes: 100 } }),
  },
  // Of whoever began it: another member's answers like none.
  uploadPart: ofUpload(0, { params: { part: "1" }, body: new Uint8Array(100) }),
  finishUpload: ofUpload(1),
  cancelUpload: ofUpload(0),
  blob: {
    answers: MEMBERS,
    ask: ({ conversation, blobOfPatient }) => ({ params: { conversation, blob: blobOfPatient } }),
    unknown: ({ conversation }) => ({ params: { conversation, blob: id(16) } }),
  },
  storage: members(),
  tails: {
    answers: { ...ANYBODY, anonymous: "unauthenticated", unbound: "device_required" },
    ask: ({ conversation }) => ({ body: { conversations: [conversation] } }),
  },
};
