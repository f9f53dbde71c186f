import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { toBase64url } from "../../workers/protocol/bytes.ts";
import type { TestBundle } from "../../workers/protocol/bundle.test-kit.ts";
import { decodeConversationDown, encodeConversationUp } from "../../workers/protocol/frames.ts";
import { newSecrets, serialize } from "../local/local-secrets.mjs";
import { freePort, migrateLocal, spawnWorker, waitUntilHealthy } from "../local/worker-process.mjs";
import { median, quantile } from "./figures.ts";
import { type BenchPerson, practitioner, newConversation } from "./person-by-http.ts";
import { forgetPeak, memoryOf, serverProcess } from "./server-memory.ts";
import { RawSocket } from "./raw-socket.ts";
import { Talk } from "./talk.ts";

const ROUNDS = 5;
const WRITES = 150;
/** of the log that is asked for: 60 messages of 60 KB */
const MESSAGES = 60;
const LARGE = 60_000;
/** before the first figure: a server that has worked keeps memory for what comes next, attack or not */
const WARM_UPS = 4;

/** The gates of docs/BENCHMARKS.md. */
const MOST_MB = 32;
const MOST_RATIO = 1.2;

async function p99(talk: Talk): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < WRITES; i++) {
    times.push(await talk.write(300));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return quantile(times, 0.99);
}

async function fullLog(origin: URL, person: BenchPerson): Promise<TestBundle> {
  const log = await newConversation(person);
  const writer = await Talk.open(origin, person, log);
  for (let i = 0; i < MESSAGES; i++) await writer.write(LARGE);
  writer.socket.end();
  return log;
}

/**
 * What an honest client does: it says that it has read each page, and waits where it has read more than its share for
 * now. Ends with the log.
 */
async function readAll(origin: URL, person: BenchPerson, log: TestBundle): Promise<void> {
  const path = `/ws/conversation/${toBase64url(log.core.conversation)}`;
  const socket = await RawSocket.open(origin, path, person.cookie);
  let cursor = 0;
  const hello = (): void => socket.send(encodeConversationUp({ t: "hello", v: 1, cursor }));
  await new Promise<void>((resolve) => {
    socket.heard = (bytes) => {
      const frame = decodeConversationDown(bytes);
      if (frame.t === "log") cursor = frame.items.at(-1)?.seq ?? cursor;
      if (frame.t === "refused") setTimeout(hello, frame.retryAfterMs ?? 1_000);
      if (frame.t !== "page") return;
      socket.send(encodeConversationUp({ t: "taken", mark: frame.mark }));
      if (!frame.more) resolve();
    };
    hello();
  });
  socket.end();
}

/** Starts it; resolves, once it is under way, to what ends it. */
async function attack(
  origin: URL,
  { cookie }: BenchPerson,
  log: TestBundle,
): Promise<() => Promise<void>> {
  const conversation = toBase64url(log.core.conversation);
  const thread = new Worker(new URL("./socket-attack.ts", import.meta.url), {
    workerData: { origin: origin.origin, cookie, conversation },
  });
  await once(thread, "online");
  return async () => {
    const over = once(thread, "message");
    thread.postMessage("stop");
    await over;
    await thread.terminate();
  };
}

export interface SocketReport {
  /** the middle of the rounds: when the runtime collects its garbage is chance */
  readonly grownMb: number;
  readonly mostMb: number;
  readonly ratio: number;
  readonly kept: boolean;
}

/** What one device's sockets cost the server and everybody else. `say` is told each round's figures. */
export async function benchSockets(say: (line: string) => void): Promise<SocketReport> {
  const folder = mkdtempSync(join(tmpdir(), "thyme-bench-"));
  const storage = join(folder, "state");
  migrateLocal(storage);
  const secrets = await newSecrets();
  const envFile = join(folder, "vars.env");
  writeFileSync(envFile, serialize(secrets));
  const port = await freePort();
  const worker = spawnWorker({
    port,
    persistTo: storage,
    envFile,
    logLevel: "error",
    onLine: () => undefined,
  });
  try {
    const origin = new URL(`http://localhost:${port}`);
    await waitUntilHealthy(origin.origin, worker.isRunning);
    const pid = serverProcess(worker.group);
    const person = await practitioner(origin, secrets["SETUP_TOKEN"] ?? "");
    say(`Writing ${MESSAGES} messages of ${LARGE} bytes, twice ...`);
    const [log, another] = [await fullLog(origin, person), await fullLog(origin, person)];
    const other = await newConversation(person);
    const talk = await Talk.open(origin, person, other);
    await p99(talk);
    say("Reading them as honest clients do ...");
    for (let i = 0; i < WARM_UPS; i++) await readAll(origin, person, another);
    const ratios: number[] = [];
    const grown: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const quiet = await p99(talk);
      forgetPeak(pid);
      const before = memoryOf(pid).now;
      const stop = await attack(origin, person, log);
      const loud = await p99(talk);
      await stop();
      const { peak } = memoryOf(pid);
      ratios.push(loud / quiet);
      grown.push(peak - before);
      say(
        `round ${round}: p99 ${quiet.toFixed(1)} ms quiet, ${loud.toFixed(1)} ms under attack; ` +
          `${before.toFixed(0)} MB before, ${peak.toFixed(0)} MB at most`,
      );
    }
    const [grownMb, ratio] = [median(grown), median(ratios)];
    return {
      grownMb,
      mostMb: Math.max(...grown),
      ratio,
      kept: grownMb <= MOST_MB && ratio <= MOST_RATIO,
    };
  } finally {
    worker.kill("SIGKILL");
    await worker.exited;
    rmSync(folder, { recursive: true, force: true });
  }
}
