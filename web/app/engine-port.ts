import engineUrl from "./engine/engine.worker.ts?worker&url";
import { AFTER_REST } from "./after-rest.ts";
import type { Outcome } from "./models.ts";
import type { CommandName, EngineEvent, FromEngine, Input, Result, ToEngine } from "./rpc.ts";
import { trustedScriptUrl } from "./trusted-url.ts";

/** The page's end of the engine. */
export interface EnginePort {
  ask<Name extends CommandName>(name: Name, input: Input<Name>): Promise<Outcome<Result<Name>>>;
}

export interface EngineLife {
  start(): void;
  /**
   * Ends the engine, and with it its transactions, locks and sockets, which other pages would wait for. What is asked
   * from now on waits.
   */
  rest(): void;
  /** Starts a new engine after a rest, and asks it what the old one did not answer. */
  renew(): void;
}

interface Question {
  readonly message: ToEngine;
  readonly resolve: (outcome: Outcome<unknown>) => void;
}

/** How the engine's worker is made; tests put another in its place. */
export const engineWorker = (): Worker =>
  new Worker(trustedScriptUrl(engineUrl), { type: "module", name: "thyme" });

/**
 * The engine's worker; its chunk is fetched at the first command or `start`, never before the first paint
 * needs it.
 */
export function engineAt(
  onEvent: (event: EngineEvent) => void,
  create: () => Worker = engineWorker,
): EnginePort & EngineLife {
  const waiting = new Map<number, Question>();
  let last = 0;
  let worker: Worker | null = null;
  let isResting = false;

  const started = (): Worker => {
    if (worker) return worker;
    const made = create();
    worker = made;
    made.addEventListener("message", ({ data }: MessageEvent<FromEngine>) => {
      // What an ended engine had posted may still be under way.
      if (worker !== made) return;
      if ("event" in data) return onEvent(data.event);
      waiting.get(data.id)?.resolve(data.outcome);
      waiting.delete(data.id);
    });
    made.addEventListener("error", (event) => {
      // An ErrorEvent is a defect that the engine reported and survived; a plain one, that it never came.
      if (event instanceof ErrorEvent || worker !== made) return;
      // The chunk could not be fetched: what was asked is answered, and asked anew starts anew.
      worker = null;
      for (const { resolve } of waiting.values()) resolve({ ok: false, problem: "offline" });
      waiting.clear();
    });
    return made;
  };

  const askAnew = (id: number, { message, resolve }: Question): void => {
    const after = AFTER_REST[message.name];
    if (after === "again") return started().postMessage(message);
    waiting.delete(id);
    resolve(
      after === "said anew" ? { ok: true, value: null } : { ok: false, problem: "interrupted" },
    );
  };

  return {
    start: () => void started(),
    rest() {
      worker?.terminate();
      worker = null;
      isResting = true;
    },
    renew() {
      if (!isResting) return;
      isResting = false;
      started();
      for (const [id, question] of waiting) askAnew(id, question);
    },
    ask<Name extends CommandName>(name: Name, input: Input<Name>) {
      const id = ++last;
      return new Promise<Outcome<Result<Name>>>((resolve) => {
        const message = { id, name, input } as ToEngine;
        // The engine answers each id with the result of the command that was asked under it.
        waiting.set(id, {
          message,
          resolve: (outcome) => resolve(outcome as Outcome<Result<Name>>),
        });
        if (!isResting) started().postMessage(message);
      });
    },
  };
}
