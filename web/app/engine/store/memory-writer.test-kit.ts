import * as z from "zod/mini";
import { storableBytes } from "./codec.ts";
import type { Writer } from "./store.ts";

/** One transaction over nothing, in memory, for tests in Node of what is written. It holds no lists. */
export function memoryWriter(): Writer {
  const held = new Map<string, unknown>();
  const nameOf = (...key: readonly unknown[]) => JSON.stringify(key);
  return {
    get: (store, key, schema) => {
      const value = held.get(nameOf(store, key));
      return Promise.resolve(value === undefined ? null : z.parse(schema, value));
    },
    put: (store, key, schema, value) => {
      storableBytes(schema, value);
      held.set(nameOf(store, key), value);
      return Promise.resolve();
    },
    delete: (store, key) => {
      held.delete(nameOf(store, key));
      return Promise.resolve();
    },
    clearOf: () => Promise.reject(new Error("not in memory")),
    clear: () => Promise.reject(new Error("not in memory")),
    all: () => Promise.reject(new Error("not in memory")),
    last: () => Promise.reject(new Error("not in memory")),
  };
}
