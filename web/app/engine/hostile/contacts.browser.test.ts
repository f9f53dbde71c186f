import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  type ConversationDown,
  type ConversationState,
  type LogItem,
  conversationUp,
  encodeConversationDown,
} from "../../../../workers/protocol/frames.ts";
import { decodeCbor } from "../../../../workers/protocol/cbor.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { PROTOCOL_VERSION } from "../../../../workers/protocol/version.ts";
import { send, write } from "../../../core/messages/room.test-kit.ts";
import { deliver } from "../../../core/people.test-kit.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { type Served, type Tab, openTab } from "../device.test-kit.ts";
import { createFollower } from "../follow/follow.ts";
import { openConversation } from "../follow/open-conversation.ts";
import { baselineOf } from "../log/baseline.ts";
import { forgetDevice } from "../store/local-store.test-kit.ts";

const talk = await newTalk("contacts");
const { room, messages } = talk;
const { owner, patient, together } = room;
const HONEST = ["create", "join", "one", "two", "three"];
const fourth = await send(room, patient, write(room, patient, "four", messages[2] ?? null));

/** The browser's socket, with the test at its other end. */
class OtherEnd extends EventTarget {
  static readonly OPEN = 1;
  static made: OtherEnd[] = [];
  readyState = OtherEnd.OPEN;
  binaryType = "blob";
  readonly heard: ReturnType<typeof up>[] = [];
  constructor() {
    super();
    OtherEnd.made.push(this);
  }
  send(bytes: Uint8Array): void {
    this.heard.push(up(bytes));
  }
  close(): void {
    this.readyState = 3;
  }
  opens(): void {
    this.dispatchEvent(new Event("open"));
  }
  says(frame: ConversationDown): void {
    const data = new Uint8Array(encodeConversationDown(frame)).buffer;
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  ends(code: number): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
  hellos(): number[] {
    return this.heard.flatMap((frame) => (frame.t === "hello" ? [frame.cursor] : []));
  }
}
const up = (bytes: Uint8Array) => decodeCbor(bytes, conversationUp, LIMITS.body);

beforeEach(() => {
  OtherEnd.made = [];
  vi.stubGlobal("WebSocket", OtherEnd);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await forgetDevice();
});

function serve(...more: Uint8Array[]) {
  const server = new Server();
  server.entries = talk.server.entries.slice(0, 5);
  for (const one of more) server.envelope(one);
  const served: Served = { server, people: [patient] };
  return served;
}

const stateOf = (lastSeq: number): ConversationState => ({
  head: { n: 1, hash: room.joined.checked.hash },
  lastSeq,
  deviceSeq: 0,
  received: [],
  receipts: [],
});
const welcome = (lastSeq: number): ConversationDown => ({
  t: "welcome",
  v: PROTOCOL_VERSION,
  state: stateOf(lastSeq),
  behind: false,
  present: [],
});

/** The conversation on screen, and the newest socket that it opened. */
function onScreen(here: Tab) {
  const nothing = (): undefined => undefined;
  const ready = vi.fn<() => void>();
  const conversation = openConversation(here.id, {
    library: here.library,
    receiver: here.receiver,
    catchUp: here.catchUp,
    baseline: (id) => baselineOf(here.deps, here.library, id),
    ready,
    renew: () => Promise.resolve(),
    elsewhere: nothing,
    connected: nothing,
    receipts: { take: () => Promise.resolve(), flush: nothing, refused: nothing },
    activity: { welcomed: nothing, lost: nothing, heard: nothing, arrived: nothing },
  });
  const socket = (): OtherEnd => {
    const newest = OtherEnd.made.at(-1);
    if (!newest) throw new RangeError("no socket");
    return newest;
  };
  return { conversation, socket, ready };
}

const until = (look: () => unknown): Promise<void> =>
  vi.waitFor(async () => expect(await look()).toBe(true), { timeout: 5_000 });
const shows = (here: Tab, texts: readonly string[]): Promise<void> =>
  vi.waitFor(async () => expect(await here.shown()).toEqual(texts), { timeout: 5_000 });

test("C5, M6 each hello asks for what was withheld, and the message comes to its place", async () => {
  const served = serve();
  const here = await openTab(owner, together.id, served);
  served.tampers = (items) => items.filter(({ seq }) => seq !== 4);
  await here.catchUp.newer(here.id);
  expect(await here.shown()).toEqual(["create", "join", "one", "?three"]);
  const { conversation, socket, ready } = onScreen(here);
  socket().opens();
  await until(() => socket().hellos().length === 1);
  socket().says(welcome(5));
  await until(() => ready.mock.calls.length === 1);
  expect(await here.shown()).toEqual(["create", "join", "one", "?three"]);
  // The connection goes and comes back, and by then nobody stands in between.
  served.tampers = undefined;
  socket().ends(1006);
  await until(() => OtherEnd.made.length === 2);
  socket().opens();
  await until(() => socket().hellos().length === 1);
  socket().says(welcome(5));
  await shows(here, HONEST);
  conversation.close();
});

test("C5 a bundle that is injected into the socket is asked for elsewhere at once, and sending goes on", async () => {
  const here = await openTab(owner, together.id, serve());
  await here.catchUp.newer(here.id);
  const { conversation, socket, ready } = onScreen(here);
  socket().opens();
  await until(() => socket().hellos().length === 1);
  socket().says(welcome(5));
  await until(() => ready.mock.calls.length === 1);
  const bundle = deliver(room.joined.upload, owner.account);
  const bad: LogItem = { seq: 6, at: 6, bundle: { ...bundle, core: new Uint8Array([0xa0]) } };
  socket().says({ t: "log", items: [bad] });
  await until(async () => {
    const { blocked, failures } = await here.record();
    return blocked === null && failures.length === 1;
  });
  socket().says({ t: "log", items: [{ seq: 6, at: 6, envelope: fourth }] });
  await shows(here, [...HONEST, "four"]);
  conversation.close();
});

test("M9 what was put at the end of the log by somebody in between is let go, and the hello said again", async () => {
  const here = await openTab(owner, together.id, serve());
  await here.catchUp.newer(here.id);
  const garbage: LogItem = { seq: 6, at: 6, envelope: new Uint8Array([1]) };
  await here.receiver.forward(here.id, [garbage], "live");
  expect(await here.shown()).toEqual([...HONEST, "malformed"]);
  const { conversation, socket, ready } = onScreen(here);
  socket().opens();
  await until(() => socket().hellos().length === 1);
  socket().says(welcome(5));
  await until(() => socket().hellos().length === 2);
  expect(socket().hellos()).toEqual([6, 5]);
  socket().says(welcome(5));
  await until(() => ready.mock.calls.length === 1);
  expect(await here.shown()).toEqual(HONEST);
  conversation.close();
});

test("C5, M6 a conversation that is not on screen is asked for at each snapshot and activity", async () => {
  for (const by of ["snapshot", "activity"] as const) {
    const served = serve();
    const here = await openTab(owner, together.id, served);
    served.tampers = (items) => items.filter(({ seq }) => seq !== 4);
    await here.catchUp.newer(here.id);
    served.tampers = undefined;
    const follower = createFollower({
      deps: here.deps,
      me: here.me,
      library: here.library,
      catchUp: here.catchUp,
      privateRecords: {} as Parameters<typeof createFollower>[0]["privateRecords"],
      isOpen: () => false,
      changed: () => undefined,
      caughtUp: () => Promise.resolve(),
      tellRead: () => undefined,
    });
    const row = { conversation: together.id, shard: 0, head: 1, lastSeq: 5, lastAt: 5, readSeq: 0 };
    const unread = { ...row, unread: 0 };
    if (by === "snapshot") await follower.snapshot(new Map([[here.id, unread]]));
    else await follower.activity(here.id, unread);
    expect(await here.shown()).toEqual(HONEST);
    await forgetDevice();
  }
});
