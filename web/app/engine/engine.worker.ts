import type { CommandName, EngineEvent, FromEngine, Input, ToEngine } from "../rpc.ts";
import type { CommandHandlers } from "../rpc.ts";
import { createEngine } from "./engine.ts";
import { problemOf } from "./store/problem-of.ts";

const post = (message: FromEngine): void => self.postMessage(message);
const emit = (event: EngineEvent): void => post({ event });

// One start for the life of this worker; commands that come before it has ended wait for it.
const engine = createEngine(emit);
const started = engine.then(({ start }) => start());
started.catch((error: unknown) => {
  problemOf(error);
  emit({ type: "app", state: { phase: "signed-out" } });
});

async function run<Name extends CommandName>(
  handlers: CommandHandlers,
  name: Name,
  input: Input<Name>,
): Promise<unknown> {
  return handlers[name](input);
}

self.addEventListener("message", ({ data }: MessageEvent<ToEngine>) => {
  const { id, name, input } = data;
  engine
    .then(async ({ handlers }) => {
      await started.catch(() => undefined);
      return run(handlers, name, input);
    })
    .then(
      (value) => post({ id, outcome: { ok: true, value } }),
      (error: unknown) => post({ id, outcome: { ok: false, ...problemOf(error) } }),
    );
});
