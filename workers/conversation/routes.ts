import { findTime, readArchive } from "../archive/read.ts";
import { settingsOf } from "../env.ts";
import { conversationObject } from "../objects/objects.ts";
import { addressGroup } from "../http/rate-limit.ts";
import type { BoundCaller, Call, ResultOf, Routes, Upgrades } from "../http/route.ts";
import { clientAddress } from "../http/serve.ts";
import { decodeBundleCore, decodeBundleUpload } from "../protocol/bundle.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { encodeCbor } from "../protocol/cbor.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { conversationIdText, parseConversationId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { unwrap } from "../objects/answer.ts";
import { openConversationSocket, openInboxSocket } from "../objects/open-socket.ts";
import { identityOf } from "../objects/peer-identity.ts";
import { type EncodedItem, type LogQuestion, type Part, joinPage } from "./rules/page.ts";
import type { LogAnswer } from "./requests/read-log.ts";
import { partsByShard } from "./rules/shards.ts";
import { TUNING } from "./settings.ts";

const bytesOf = (text: string): Uint8Array => {
  try {
    return fromBase64url(text);
  } catch {
    throw new ProtocolError("bad_request", "base64url");
  }
};

const whoOf = (call: { readonly caller: BoundCaller; readonly address: string }) =>
  identityOf(call.caller, addressGroup(call.address));

interface Addressed {
  readonly env: Cloudflare.Env;
  readonly params: Readonly<Record<string, string>>;
}
const objectOf = ({ env, params }: Addressed) =>
  conversationObject(env, parseConversationId(params["conversation"] ?? ""));

/** A non-negative integer of the query, or null if it is absent. */
function natural(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new ProtocolError("bad_request", "not a number");
}

function questionOf(query: Readonly<Record<string, string | undefined>>): LogQuestion {
  const { after, before, at, limit } = query;
  const asked = [after, before, at].filter((value) => value !== undefined);
  if (asked.length > 1) throw new ProtocolError("bad_request", "one of after, before, at");
  const size = natural(limit) ?? LIMITS.itemsPerPage;
  return { after: natural(after), before: natural(before), at: natural(at), limit: size };
}

function shardOf(env: Cloudflare.Env, number: number): D1Database {
  const shard = settingsOf(env).shards[number];
  if (!shard) throw new ProtocolError("unavailable", `no archive shard ${number}`);
  return shard;
}

/** D1 is far and may be down; then only what it holds is unavailable. */
async function fromArchive<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    throw new ProtocolError("unavailable", "archive");
  }
}

/** Envelopes of the page that have left the tail, shard by shard; what lies behind a part that is cut is left out. */
async function archivedParts(env: Cloudflare.Env, page: LogAnswer): Promise<Part[]> {
  const { conversation, keep } = page;
  const ranges = partsByShard(page.shards, page.from, Math.min(page.to, page.tailFrom - 1));
  const found: Part[] = [];
  let known = page.items.some(({ seq }) => seq >= page.tailFrom) ? page.tailFrom : null;
  for (const { shard, from, to } of keep === "newest" ? ranges.reverse() : ranges) {
    const range = { from, to, keep };
    const read = () => readArchive(shardOf(env, shard), conversation, range, TUNING.pageBytes);
    try {
      const { envelopes, isCut } = await fromArchive(read);
      const items = envelopes.map((e) => ({ seq: e.seq, item: encodeCbor(e) }));
      found.push({ items, isCut });
      if (isCut) break;
      known = from;
    } catch (error) {
      // The newer part of a page that goes backwards is an honest answer without the older part.
      if (keep !== "newest" || known === null) throw error;
      found.push({ items: [], isCut: true, end: known });
      break;
    }
  }
  return found;
}

/** The first place at or after a time. A shard that holds nothing so late is passed over for the one after it. */
async function archivedTime(env: Cloudflare.Env, page: LogAnswer, time: number): Promise<number> {
  for (const { shard } of partsByShard(page.shards, 1, page.tailFrom - 1)) {
    const read = () => findTime(shardOf(env, shard), page.conversation, time);
    const found = await fromArchive(read);
    if (found !== null) return found;
  }
  return page.tailFrom;
}

const textOf = ({ item }: EncodedItem): string => toBase64url(item);

async function log(call: Call<"log">) {
  const object = objectOf(call);
  const question = questionOf(call.query);
  let page = unwrap(await object.log(whoOf(call), question));
  if (page.mustFindTime) {
    const found = await archivedTime(call.env, page, question.at ?? 0);
    const from = { ...question, at: null, after: found - 1 };
    page = unwrap(await object.log(whoOf(call), from));
  }
  const { items, more } = joinPage(page, page.lastSeq, [
    ...(await archivedParts(call.env, page)),
    page,
  ]);
  return { items: items.map(textOf), more };
}

/** Objects asked at a time for one request. */
const PARALLEL = 10;

type Tail = ResultOf<"tails">["tails"][number];

const charsOf = ({ stateCbor, items }: Tail): number =>
  items.reduce((sum, item) => sum + item.length, stateCbor.length);

/** The tail of one conversation; null where the caller may read none. */
async function tailOf(call: Call<"tails">, conversation: string): Promise<Tail | null> {
  const id = conversationIdText(bytesOf(conversation));
  const tail = await conversationObject(call.env, id).recent(whoOf(call));
  if (!tail.ok && tail.error === "not_found") return null;
  const { state, items } = unwrap(tail);
  return {
    conversation,
    stateCbor: toBase64url(state),
    items: items.map((item) => toBase64url(item)),
  };
}

/** In the order asked for, until the answer is full: what comes after is left, and not asked of its objects. */
async function tails(call: Call<"tails">): Promise<ResultOf<"tails">> {
  const asked = [...new Set(call.body.conversations)];
  const found: Tail[] = [];
  const cap = (TUNING.tailsBytes * 4) / 3;
  let chars = 0;
  for (let i = 0; i < asked.length; i += PARALLEL) {
    const group = asked.slice(i, i + PARALLEL);
    const answers = await Promise.all(group.map((conversation) => tailOf(call, conversation)));
    for (const [at, tail] of answers.entries()) {
      if (!tail) continue;
      chars += charsOf(tail);
      if (found.length > 0 && chars > cap) return { tails: found, left: asked.slice(i + at) };
      found.push(tail);
    }
  }
  return { tails: found, left: [] };
}

/** Handlers of this folder. */
export const routes = {
  async createConversation(call) {
    const bytes = bytesOf(call.body.bundleCbor);
    const core = decodeBundleCore(decodeBundleUpload(bytes).core);
    const conversation = conversationIdText(core.conversation);
    const object = conversationObject(call.env, conversation);
    const { seq, at } = unwrap(await object.create(whoOf(call), bytes));
    return { conversation, seq, at };
  },
  async bundles(call) {
    const from = natural(call.query["from"]) ?? 0;
    const { items, more } = unwrap(await objectOf(call).bundles(whoOf(call), from));
    return { items: items.map(textOf), more };
  },
  log,
  async frames(call) {
    const frames = call.body.frames.map(bytesOf);
    const answers = unwrap(await objectOf(call).frames(whoOf(call), frames));
    return { frames: answers.map((frame) => toBase64url(frame)) };
  },
  async deletions(call) {
    unwrap(await objectOf(call).erase(whoOf(call), call.body));
    return {};
  },
  tails,
} satisfies Routes;

export const upgrades: Upgrades = {
  conversation: ({ env, caller, conversation, request }) =>
    openConversationSocket(env, caller, conversation, request, clientAddress(request)),
  inbox: ({ env, caller, request }) =>
    openInboxSocket(env, caller, request, clientAddress(request)),
};
