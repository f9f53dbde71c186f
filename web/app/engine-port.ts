import engineUrl from "./engine/engine.worker.ts?worker&url";
import type { Outcome } from "./models.ts";
import type { CommandName, EngineEvent, FromEngine, Input, Result, ToEngine } from "./rpc.ts";
import { trustedScriptUrl } from "./trusted-url.ts";

/** The page's end of the engine. */
export interface EnginePort {
  ask<Name extends CommandName>(name: Name, input: Input<Name>): Promise<Outcome<Result<Name>>>;
}

/**
 * The engine's worker; its chunk is fetched at the first command or `start`, never before the first paint
 * needs it.
 */
export function engineAt(onEvent: (event: EngineEvent) => void): EnginePort & { start(): void } {
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  let last = 0;
  let worker: Worker | null = null;

  const started = (): Worker => {
    if (worker) return worker;
    worker = new Worker(trustedScriptUrl(engineUrl), { type: "module", name: "thyme" });
    worker.addEventListener("message", ({ data }: MessageEvent<FromEngine>) => {
      if ("event" in data) return onEvent(data.event);
      waiting.get(data.id)?.(data.outcome);
      waiting.delete(data.id);
    });
    worker.addEventListener("error", (event) => {
      // An ErrorEvent is a defect that the engine reported and survived; a plain one, that it never came.
      if (event instanceof ErrorEvent) return;
      // The chunk could not be fetched: what was asked is answered, and asked anew starts anew.
      worker = null;
      for (const resolve of waiting.values()) resolve({ ok: false, problem: "offline" });
      waiting.clear();
    });
    return worker;
  };

  return {
    start: () => void started(),
    ask<Name extends CommandName>(name: Name, input: Input<Name>) {
      const id = ++last;
      return new Promise<Outcome<Result<Name>>>((resolve) => {
        // The engine answers each id with the result of the command that was asked under it.
        waiting.set(id, (outcome) => resolve(outcome as Outcome<Result<Name>>));
        started().postMessage({ id, name, input } as ToEngine);
      });
    },
  };
}
