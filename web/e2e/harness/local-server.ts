import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "../../../scripts/local/local-secrets.mjs";
import {
  isListening,
  spawnWorker,
  waitUntilHealthy,
} from "../../../scripts/local/worker-process.mjs";

/** A real Worker with its own storage. It keeps its port and storage through `kill` and `start`. */
export interface Server {
  readonly origin: string;
  readonly setupToken: string;
  /** The folder of its storage, for an operator's commands. */
  readonly storage: string;
  /** Everything the server has printed so far, request lines included. */
  readonly log: readonly string[];
  start(): Promise<void>;
  /** Ends the server as a power cut would, and makes sure that nothing answers any more. */
  kill(): Promise<void>;
  /** Kills the server and removes its storage. */
  remove(): Promise<void>;
  /** Runs the Worker's scheduled handler, as the cron trigger does. */
  runCron(): Promise<void>;
  /** Every file that D1, the Durable Objects and R2 keep. */
  storageFiles(): string[];
}

interface LocalServerOptions {
  readonly https?: boolean;
  /** instead of every rate of wrangler.toml */
  readonly requestsAMinute?: number;
}

const alive = new Set<LocalServer>();

/** What the servers of this file printed last, and whether one of them ended by itself: a journey never asks for that. */
export function serverTrouble(): { readonly fell: readonly string[]; readonly last: string } {
  const servers = [...alive];
  return {
    fell: servers.filter((server) => server.hasFallen).map((server) => server.origin),
    last: servers.map((server) => server.log.slice(-LAST_LINES).join("\n")).join("\n"),
  };
}

const LAST_LINES = 40;

export class LocalServer implements Server {
  readonly origin: string;
  readonly setupToken: string;
  readonly log: string[] = [];
  readonly #port: number;
  readonly #https: boolean;
  readonly #requestsAMinute: number | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), "thyme-server-"));
  readonly storage = join(this.#folder, "state");
  readonly #envFile = join(this.#folder, "vars.env");
  #worker: ReturnType<typeof spawnWorker> | undefined;
  #hasFallen = false;

  /** Starts from a copy of `emptyStorage`, which has the migrations applied. */
  constructor(
    port: number,
    vars: Readonly<Record<string, string>>,
    emptyStorage: string,
    { https = false, requestsAMinute }: LocalServerOptions = {},
  ) {
    this.#port = port;
    this.#https = https;
    this.#requestsAMinute = requestsAMinute;
    // A passkey belongs to a host name, and 127.0.0.1 cannot be one.
    this.origin = `${https ? "https" : "http"}://localhost:${port}`;
    this.setupToken = vars["SETUP_TOKEN"] ?? "";
    writeFileSync(this.#envFile, serialize(vars));
    cpSync(emptyStorage, this.storage, { recursive: true });
    alive.add(this);
  }

  /** It ended without being asked to. */
  get hasFallen(): boolean {
    return this.#hasFallen;
  }

  async start(): Promise<void> {
    const worker = spawnWorker({
      port: this.#port,
      persistTo: this.storage,
      envFile: this.#envFile,
      https: this.#https,
      requestsAMinute: this.#requestsAMinute,
      onLine: (line) => void this.log.push(line),
    });
    this.#worker = worker;
    void worker.exited.then(() => (this.#hasFallen ||= this.#worker === worker));
    try {
      await waitUntilHealthy(this.origin, worker.isRunning);
    } catch (error) {
      worker.kill("SIGKILL");
      throw new Error(`The server did not start:\n${this.log.join("\n")}`, { cause: error });
    }
  }

  async kill(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    worker.kill("SIGKILL");
    await worker.exited;
    // workerd is wrangler's child: its socket closes a moment after wrangler's exit is reported.
    for (let tries = 0; await isListening(this.#port); tries += 1) {
      if (tries === 50) throw new Error(`Port ${this.#port} still answers after SIGKILL.`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async remove(): Promise<void> {
    await this.kill();
    alive.delete(this);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async runCron(): Promise<void> {
    const url = `${this.origin}/cdn-cgi/local/scheduled?cron=*/5+*+*+*+*`;
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`The scheduled handler failed: ${answer.status}`);
  }

  storageFiles(): string[] {
    return readdirSync(this.storage, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }
}
