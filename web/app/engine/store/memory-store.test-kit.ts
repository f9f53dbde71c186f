import * as z from "zod/mini";
import { type RecordKey, storableBytes } from "./codec.ts";
import type { Entry, Span, Store, Writer } from "./store.ts";

const isIn = (span: Span | undefined, key: RecordKey): boolean =>
  !span ||
  (typeof key !== "string" && key[0] === span.id && key[1] >= span.from && key[1] <= span.to);

/** A device's store in memory, for tests in Node: what is written is there, a failed write leaves nothing. */
export function memoryStore(): Store {
  let held = new Map<string, { key: RecordKey; value: unknown }>();
  const nameOf = (store: string, key: RecordKey) => JSON.stringify([store, key]);
  const within = (store: string) => `${JSON.stringify([store]).slice(0, -1)},`;

  function writer(to: typeof held): Writer {
    const all = <T extends z.ZodMiniType>(
      store: string,
      schema: T,
      span?: Span,
    ): Promise<Entry<z.infer<T>>[]> =>
      Promise.resolve(
        [...to]
          .filter(([name, { key }]) => name.startsWith(within(store)) && isIn(span, key))
          .map(([, { key, value }]) => ({ key, value: z.parse(schema, value) })),
      );
    return {
      all,
      get(store, key, schema) {
        const found = to.get(nameOf(store, key));
        return Promise.resolve(found ? z.parse(schema, found.value) : null);
      },
      put(store, key, schema, value) {
        storableBytes(schema, value);
        to.set(nameOf(store, key), { key, value });
        return Promise.resolve();
      },
      delete(store, key) {
        to.delete(nameOf(store, key));
        return Promise.resolve();
      },
      clear(store) {
        for (const name of to.keys()) if (name.startsWith(within(store))) to.delete(name);
        return Promise.resolve();
      },
      clearOf: () => Promise.reject(new Error("not in memory")),
      last: () => Promise.reject(new Error("not in memory")),
    };
  }

  return {
    read: (store, key, schema) => writer(held).get(store, key, schema),
    readAll: (store, schema, span) => writer(held).all(store, schema, span),
    look: (_, work) => work(writer(held)),
    async write(_, work) {
      const next = new Map(held);
      const done = await work(writer(next));
      held = next;
      return done;
    },
    seal: () => {
      throw new Error("not in memory");
    },
    unseal: () => null,
    watch: () => () => undefined,
    watchDamage: () => () => undefined,
  };
}
