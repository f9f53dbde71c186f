import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Person } from "../accounts/person.test-kit.ts";
import { database } from "../db/database.ts";
import { writeArchive } from "../archive/write.ts";
import { inboxObject } from "../objects/objects.ts";
import { register } from "../registry/conversation-registry.ts";
import type { Scene } from "./scene.test-kit.ts";

/** Billed row writes by what they are for. An alarm that is set is billed like a row. */
export class Costs {
  readonly of = new Map<string, number>();

  add(what: string, rows: number): void {
    if (rows > 0) this.of.set(what, (this.of.get(what) ?? 0) + rows);
  }

  get total(): number {
    return [...this.of.values()].reduce((sum, rows) => sum + rows, 0);
  }

  /** Row writes a message, one line each. */
  table(messages: number): string {
    const lines = [...this.of].toSorted(([, a], [, b]) => b - a);
    return [...lines, ["all", this.total] as const]
      .map(([what, rows]) => `${(rows / messages).toFixed(2).padStart(6)}  ${what}`)
      .join("\n");
  }
}

const tableOf = (statement: string): string =>
  /(?:INTO|UPDATE|FROM|TABLE)\s+(\w+)/i.exec(statement)?.[1] ?? "other";

/** Counts what this instance writes from now on, through whatever it holds of its storage. */
function countStorage(storage: DurableObjectStorage, object: string, costs: Costs): void {
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  const counting = (...args: Parameters<typeof exec>) => {
    const cursor = exec(...args);
    costs.add(`${object} ${tableOf(args[0])}`, cursor.rowsWritten);
    return cursor;
  };
  Object.defineProperty(sql, "exec", { value: counting, configurable: true });
  Object.defineProperty(storage, "sql", { value: sql, configurable: true });
  const setAlarm = storage.setAlarm.bind(storage);
  Object.defineProperty(storage, "setAlarm", {
    configurable: true,
    value: (...args: Parameters<typeof setAlarm>) => {
      costs.add(`${object} setAlarm`, 1);
      return setAlarm(...args);
    },
  });
}

/** The same database, counting by what D1 says that it wrote. */
function counted(db: D1Database, costs: Costs): D1Database {
  const statement = (text: string, inner: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(inner, {
      get(target, name) {
        if (name === "bind") {
          return (...values: unknown[]) => statement(text, target.bind(...values));
        }
        if (name !== "run" && name !== "all") return Reflect.get(target, name, target);
        return async () => {
          const result = await target.all();
          costs.add(`D1 ${tableOf(text)}`, result.meta.rows_written);
          return result;
        };
      },
    });
  return new Proxy(db, {
    get: (target, name) =>
      name === "prepare"
        ? (text: string) => statement(text, target.prepare(text))
        : Reflect.get(target, name, target),
  });
}

/** Counts from now on what the living instances of a conversation and of these people's Inboxes write. */
export async function countCosts(
  { stub }: Pick<Scene, "stub">,
  people: readonly Person[],
  costs: Costs,
): Promise<void> {
  await runInDurableObject(stub, ({ core }, { storage }) => {
    countStorage(storage, "Conversation", costs);
    core.reload();
    const db = counted(env.DB, costs);
    core.deps = {
      ...core.deps,
      archive: (_, conversation, items) => writeArchive(db, conversation, items),
      report: (report) => register(database(db), report),
    };
  });
  for (const { id } of people) {
    await runInDurableObject(inboxObject(env, id), (_, { storage }) =>
      countStorage(storage, "Inbox", costs),
    );
  }
}
