import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type Person, seedPerson } from "../accounts/person.test-kit.ts";
import { Browser } from "../http/browser.test-kit.ts";
import { conversationObject } from "../objects/objects.ts";
import {
  type TestAuthor,
  type TestBundle,
  type TestInvite,
  authorOf,
  createBundle,
  joinBundle,
  makeInvite,
} from "../protocol/bundle.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { conversationIdText } from "../protocol/ids.ts";
import { signWith } from "../protocol/manifest.test-kit.ts";
import { claimBytes } from "../protocol/invitation.ts";
import type { Conversation } from "./conversation.ts";
import type { Deps } from "./deps.ts";
import { RateLimiter } from "../objects/rate-limit.ts";
import { sharesPrefix } from "./shares.ts";
import { type TestEnvelope, makeEnvelope } from "./envelope.test-kit.ts";
import { type ConversationSocket, openConversation } from "./socket.test-kit.ts";

/** Somebody who writes here, from one device. */
export class Writer {
  readonly author: TestAuthor;
  #deviceSeq = 0;

  constructor(
    readonly person: Person,
    index = 0,
  ) {
    this.author = authorOf(person.account, index);
  }

  /** The next envelope of this device. */
  write(head: TestBundle, size?: number): TestEnvelope {
    this.#deviceSeq += 1;
    return makeEnvelope(this.author, head, this.#deviceSeq, {}, size);
  }

  /** The same with files that it names. */
  naming(head: TestBundle, ...blobIds: Uint8Array[]): TestEnvelope {
    this.#deviceSeq += 1;
    return makeEnvelope(this.author, head, this.#deviceSeq, { blobIds });
  }

  /** A number that was refused is free again (M6). */
  takeBack(): void {
    this.#deviceSeq -= 1;
  }

  writeMany(head: TestBundle, count: number, size?: number): TestEnvelope[] {
    return Array.from({ length: count }, () => this.write(head, size));
  }
}

export const freshInvite = (ms = 1_000_000): TestInvite => makeInvite(Date.now() + ms);

export interface Scene {
  readonly conversation: Uint8Array;
  readonly stub: DurableObjectStub<Conversation>;
  readonly owner: Writer;
  readonly invite: TestInvite;
  /** bundle 0: the owner, one pending invitation */
  readonly genesis: TestBundle;
}

export async function postBundle0(person: Person, bundle: TestBundle) {
  const bundleCbor = toBase64url(encodeCbor(bundle.upload));
  return person.browser.call("createConversation", { body: { bundleCbor } });
}

/** A conversation of a practitioner with one open invitation. */
export async function seedConversation(): Promise<Scene> {
  const owner = new Writer(await seedPerson("practitioner"));
  const invite = freshInvite();
  const genesis = createBundle(owner.author, [invite]);
  const { outcome } = await postBundle0(owner.person, genesis);
  if (outcome !== "ok") throw new Error(`createConversation: ${outcome}`);
  const { conversation } = genesis.core;
  return { conversation, stub: stubOf(conversation), owner, invite, genesis };
}

/** The claim of a patient, over HTTP (I6). */
export const claim = (person: Person, invite: TestInvite) =>
  person.browser.call("claim", {
    params: { invite: toBase64url(invite.id) },
    body: {
      signature: toBase64url(
        signWith(invite.seed, "sign-claim", claimBytes(invite.id, person.account.id)),
      ),
    },
  });

export interface Pair extends Scene {
  readonly patient: Writer;
  readonly head: TestBundle;
}

/** A practitioner and a patient who has joined; the log holds bundles 0 and 1. */
export async function seedPair(): Promise<Pair> {
  const scene = await seedConversation();
  const patient = new Writer(await seedPerson("patient"));
  const { outcome } = await claim(patient.person, scene.invite);
  if (outcome !== "ok") throw new Error(`claim: ${outcome}`);
  const head = joinBundle(patient.author, scene.genesis, scene.invite);
  const socket = await openConversation(patient.person, scene.conversation);
  socket.say({ t: "bundle", bundle: head.upload, envelopes: [] });
  await socket.next("accepted");
  socket.close();
  return { ...scene, patient, head };
}

export const open = (writer: Writer, { conversation }: Scene): Promise<ConversationSocket> =>
  openConversation(writer.person, conversation);

export const stubOf = (conversation: Uint8Array): DurableObjectStub<Conversation> =>
  conversationObject(env, conversationIdText(conversation));

const FREE = { burst: 1e9, perSecond: 1e9 };

/** The living instance stops counting, for tests of what many messages do. */
export const unlimited = (stub: DurableObjectStub<Conversation>): Promise<void> =>
  runInDurableObject(stub, (instance) => {
    instance.core.limiter = new RateLimiter({ device: FREE, address: FREE });
  });

/** Sends many messages and waits for their acknowledgements. */
export async function fill(
  { stub }: Pick<Scene, "stub">,
  socket: ConversationSocket,
  writer: Writer,
  head: TestBundle,
  count: number,
  size?: number,
): Promise<void> {
  await unlimited(stub);
  const already = socket.acked.length;
  for (let left = count; left > 0; left -= 64) {
    socket.send(...writer.writeMany(head, Math.min(64, left), size));
  }
  await socket.untilAcked(already + count);
}

/** Replaces neighbours of the living instance until it is evicted; returns what heals it. */
export async function withDeps(
  { stub }: Pick<Scene, "stub">,
  change: (real: Deps) => Partial<Deps>,
): Promise<() => Promise<void>> {
  const real = await runInDurableObject(stub, (instance) => {
    const before = instance.core.deps;
    instance.core.deps = { ...before, ...change(before) };
    return () => {
      instance.core.deps = before;
    };
  });
  return () => runInDurableObject(stub, () => real());
}

/** The alarm's work, behind that of an alarm which came by itself: of the platform's own nobody hears when it is done. */
export const alarmComes = (stub: Scene["stub"]): Promise<void> =>
  runInDurableObject(stub, (instance) => instance.alarm());

export const down = (): Promise<never> => Promise.reject(new Error("D1_ERROR: out of reach"));

/** Sends a bundle, with what is first sent under it. */
export const sayBundle = (
  socket: ConversationSocket,
  bundle: TestBundle,
  ...envelopes: readonly { readonly bytes: Uint8Array }[]
): void =>
  socket.say({
    t: "bundle",
    bundle: bundle.upload,
    envelopes: envelopes.map(({ bytes }) => bytes),
  });

/** What anybody with the link is told of it. */
export async function invitationState({ id }: { readonly id: Uint8Array }): Promise<string> {
  const params = { invite: toBase64url(id) };
  const answer = await new Browser().call("invitation", { params });
  return answer.result?.state ?? answer.outcome;
}

/** Keys of all shares of a conversation that R2 has. */
export async function shareKeys(conversation: Uint8Array): Promise<string[]> {
  const { objects } = await env.BLOBS.list({ prefix: sharesPrefix(conversation) });
  return objects.map(({ key }) => key);
}

/** How many attempts at this bundle have left their share in R2. */
export async function countShares({ core, hash }: TestBundle): Promise<number> {
  const prefix = `${sharesPrefix(core.conversation)}${toBase64url(hash)}/`;
  return (await shareKeys(core.conversation)).filter((key) => key.startsWith(prefix)).length;
}

export const hasShare = async (bundle: TestBundle): Promise<boolean> =>
  (await countShares(bundle)) > 0;

/** A message there and back: whatever was sent before it has been dealt with. */
export async function settled(
  socket: ConversationSocket,
  writer: Writer,
  { head }: Pair,
): Promise<void> {
  const before = socket.acked.length;
  socket.send(writer.write(head));
  await socket.untilAcked(before + 1);
}

/** Both members are connected: the owner is `one`, the patient `two`. */
export async function both(pair: Pair) {
  // Nothing waits for D1: what is said is stored at once.
  await pair.stub.catchUp();
  const [one, two] = [await open(pair.owner, pair), await open(pair.patient, pair)];
  await one.hello(2);
  await two.hello(2);
  return { one, two };
}
