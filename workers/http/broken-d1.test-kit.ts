import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import worker from "../index.ts";

const away = (): Promise<never> => Promise.reject(new Error("D1_ERROR: out of reach"));

const statement = { bind: () => statement, first: away, all: away, run: away, raw: away };

/** The Worker's bindings while D1 answers errors to everything. */
export const withoutD1 = (): typeof env => {
  const broken = { prepare: () => statement, batch: away, exec: away };
  return { ...env, DB: broken, ARCHIVE_0: broken } as unknown as typeof env;
};

/** The Worker's bindings while D1 answers nothing at all. */
export const withSilentD1 = (): typeof env => {
  const silent = () => new Promise<never>(() => {});
  const mute = { bind: () => mute, first: silent, all: silent, run: silent, raw: silent };
  const broken = { prepare: () => mute, batch: silent, exec: silent };
  return { ...env, DB: broken, ARCHIVE_0: broken } as unknown as typeof env;
};

/** One request to a Worker that has these bindings. */
export async function requestWith(bindings: typeof env, request: Request): Promise<Response> {
  const context = createExecutionContext();
  const response = await worker.fetch(
    request as Parameters<typeof worker.fetch>[0],
    bindings,
    context,
  );
  await waitOnExecutionContext(context);
  return response;
}
