import * as z from "zod/mini";
import { createTurns } from "../../../platform/turns.ts";
import { type RecordKey, storableBytes } from "./codec.ts";
import { createDamageReport } from "./damaged.ts";
import type { Entry, Span, Store, Touch, Writer } from "./store.ts";

const isIn = (span: Span | undefined, key: RecordKey): boolean =>
  !span ||
  (typeof key !== "string" && key[0] === span.id && key[1] >= span.from && key[1] <= span.to);

const partsOf = (key: RecordKey): readonly [string, number] =>
  typeof key === "string" ? [key, 0] : key;

/** As a database orders the keys of one store. */
function inOrder(one: RecordKey, other: RecordKey): number {
  const [id, number] = partsOf(one);
  const [otherId, otherNumber] = partsOf(other);
  return id === otherId ? number - otherNumber : id < otherId ? -1 : 1;
}

/**
 * A device's store in memory, for tests in Node: what is written is there, a failed write leaves nothing. What is told
 * to `damage` is what a record that cannot be read tells.
 */
export function memoryStore(damage = createDamageReport()): Store {
  let held = new Map<string, { key: RecordKey; value: unknown }>();
  const listeners = new Set<(touched: readonly Touch[]) => void>();
  const turns = createTurns();
  const nameOf = (store: string, key: RecordKey) => JSON.stringify([store, key]);
  const within = (store: string) => `${JSON.stringify([store]).slice(0, -1)},`;

  function writer(to: typeof held, touched: Touch[] = []): Writer {
    const keysOf = (store: string): RecordKey[] =>
      [...to].flatMap(([name, { key }]) => (name.startsWith(within(store)) ? [key] : []));
    const all = <T extends z.ZodMiniType>(
      store: string,
      schema: T,
      span?: Span,
    ): Promise<Entry<z.infer<T>>[]> =>
      Promise.resolve(
        [...to]
          .filter(([name, { key }]) => name.startsWith(within(store)) && isIn(span, key))
          .toSorted(([, one], [, other]) => inOrder(one.key, other.key))
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
        touched.push({ store, key });
        return Promise.resolve();
      },
      delete(store, key) {
        to.delete(nameOf(store, key));
        touched.push({ store, key });
        return Promise.resolve();
      },
      clear(store) {
        for (const key of keysOf(store)) to.delete(nameOf(store, key));
        touched.push({ store, key: null });
        return Promise.resolve();
      },
      clearOf(store, id) {
        for (const key of keysOf(store)) {
          if (partsOf(key)[0].startsWith(id)) to.delete(nameOf(store, key));
        }
        touched.push({ store, key: null });
        return Promise.resolve();
      },
      last(store, id) {
        const numbers = keysOf(store).flatMap((key) => {
          const [of, number] = partsOf(key);
          return of === id ? [number] : [];
        });
        return Promise.resolve(Math.max(0, ...numbers));
      },
    };
  }

  return {
    read: (store, key, schema) => writer(held).get(store, key, schema),
    readAll: async (store, schema, span, limit) =>
      (await writer(held).all(store, schema, span)).slice(0, limit),
    look: (_, work) => work(writer(held)),
    write: (_, work) =>
      turns.write(async () => {
        const next = new Map(held);
        const touched: Touch[] = [];
        const result = await work(writer(next, touched));
        held = next;
        if (touched.length > 0) for (const listener of listeners) listener(touched);
        return result;
      }),
    seal: () => {
      throw new Error("not in memory");
    },
    unseal: () => null,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    watchDamage: damage.watch,
  };
}
