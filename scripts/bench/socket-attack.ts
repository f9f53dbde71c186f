import { parentPort, workerData } from "node:worker_threads";
import * as z from "zod/mini";
import { toBase64url } from "../../workers/protocol/bytes.ts";
import { encodeConversationUp } from "../../workers/protocol/frames.ts";
import { RawSocket } from "./raw-socket.ts";

// A thread of its own, so that what is measured beside it is the server and not this. It ends when it is told anything.

const SOCKETS = 124;
const HELLOS = 50;
const HELLO = encodeConversationUp({ t: "hello", v: 1, cursor: 0 });

const { origin, cookie, conversation } = z
  .object({ origin: z.string(), cookie: z.string(), conversation: z.string() })
  .parse(workerData);
const sockets: RawSocket[] = [];
let isOn = true;

const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Sockets that ask for everything, fifty times each, and read nothing. */
async function bySocket(): Promise<void> {
  const path = `/ws/conversation/${conversation}`;
  for (let i = 0; i < SOCKETS && isOn; i++) {
    const socket = await RawSocket.open(new URL(origin), path, cookie).catch(() => null);
    if (socket) {
      socket.stopReading();
      for (let n = 0; n < HELLOS; n++) socket.send(HELLO);
      sockets.push(socket);
    }
    await rest(20);
  }
}

/** Sixteen in one request, again and again. */
async function byRequest(): Promise<void> {
  const frames = Array.from({ length: 16 }, () => toBase64url(HELLO));
  while (isOn) {
    const answer = await fetch(new URL(`/api/conversations/${conversation}/frames`, origin), {
      method: "POST",
      headers: { origin, cookie, "content-type": "application/json" },
      body: JSON.stringify({ frames }),
    });
    await answer.arrayBuffer();
    await rest(500);
  }
}

parentPort?.once("message", () => {
  isOn = false;
});
await Promise.all([bySocket(), byRequest()]);
for (const socket of sockets) socket.end();
parentPort?.postMessage("over");
