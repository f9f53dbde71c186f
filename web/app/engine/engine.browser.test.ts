import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toBase64url } from "../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { APP_ENDPOINTS } from "../../../workers/protocol/http/app-endpoints.ts";
import { nobleEd25519 } from "../../core/crypto/ed25519.ts";
import { newPerson } from "../../core/people.test-kit.ts";
import { eraseDatabase } from "../../platform/database.ts";
import { tellNetwork } from "../../platform/network.ts";
import { C1 } from "../ids.test-kit.ts";
import { IDENTITY_KEY, identityRecordOf } from "./account/identity.ts";
import { PREPARED_KEY, preparedRecord } from "./account/prepared-manifest.ts";
import { CONVERSATION_STORES, beginKeptIn } from "./conversation/keep.ts";
import { newConversation } from "./conversation/kept.ts";
import { createEngine } from "./engine.ts";
import { openStore, random } from "./store/local-store.test-kit.ts";
import { identityRecord, outboxRecord } from "./store/records.ts";
import { out } from "./timeline/effects-view.test-kit.ts";
import { FakeSocket } from "./wire/fake-socket.test-kit.ts";

const person = await newPerson({ random, ed25519: nobleEd25519 });
const { account, prepared } = person;

/** What the server says to a device that binds itself. Its logs are empty, and there is nothing else. */
let binding: Response;

beforeEach(() => {
  tellNetwork(true);
  binding = Response.json({ error: "unavailable" }, { status: 503 });
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", (url: string) => Promise.resolve(answerTo(url)));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await forget();
});

function answerTo(url: string): Response {
  const { pathname } = new URL(url, location.origin);
  if (pathname === APP_ENDPOINTS.deviceSession.path) return binding;
  if (pathname === APP_ENDPOINTS.challenge.path) {
    return Response.json({ challenge: "A".repeat(43), rpId: "localhost" });
  }
  if (pathname === APP_ENDPOINTS.ownManifests.path) {
    const manifests = [toBase64url(encodeCbor(prepared.signed))];
    return Response.json({ manifests, more: false });
  }
  if (pathname.endsWith("/log")) return Response.json({ items: [], more: false });
  return Response.json({ error: "unavailable" }, { status: 503 });
}

/** Nothing of it is left for the next one, and an engine that is still there keeps its database. */
async function forget(): Promise<void> {
  const { db, close } = await openStore();
  await eraseDatabase(db);
  close();
}

/** A browser with this account's device in it, and what waits to be sent; the phases that its engine tells. */
async function start({ bound = true, waits = false }) {
  const { store, close } = await openStore();
  await store.write([...CONVERSATION_STORES, "state", "outbox"], async (writer) => {
    const about = { role: "patient" as const, name: "Ana", bound };
    const record = identityRecordOf(account, person.device, prepared.userKeys, about);
    await writer.put("state", IDENTITY_KEY, identityRecord, record);
    if (!bound) {
      const { signed, seals } = prepared;
      await writer.put("state", PREPARED_KEY, preparedRecord, { signed, seals });
    }
    const fresh = newConversation({ title: "Ana", owner: account, createdAt: 1 });
    await beginKeptIn(writer, C1, { ...fresh, outbox: waits ? [1] : [] });
    if (!waits) return;
    const entry = out(1, { kind: "text", text: "waits" });
    await writer.put("outbox", [C1, 1], outboxRecord, entry);
  });
  close();
  const phases: string[] = [];
  const engine = await createEngine((event) => {
    if (event.type === "app") phases.push(event.state.phase);
  });
  await engine.start();
  return { phases, handlers: engine.handlers };
}

test("a device whose session is bound works at the next start", async () => {
  const { phases } = await start({});
  expect(phases).toEqual(["ready"]);
});

test("A1 a device that the server took before it stopped works, one that it never took is let go", async () => {
  const session = { account: toBase64url(account), role: "patient", device: null, expiresAt: 1 };
  binding = Response.json(session);
  expect((await start({ bound: false })).phases).toEqual(["ready"]);
  await forget();
  binding = Response.json({ error: "unauthenticated" }, { status: 401 });
  expect((await start({ bound: false })).phases).toEqual(["signed-out"]);
});

test("who signs out while messages wait is told so, and loses nothing", async () => {
  const { phases, handlers } = await start({ waits: true });
  await expect(handlers.signOut(undefined)).rejects.toMatchObject({ problem: "unsent_messages" });
  expect(phases).toEqual(["ready"]);
  const { store, close } = await openStore();
  expect(await store.read("outbox", [C1, 1], outboxRecord)).not.toBeNull();
  close();
});
