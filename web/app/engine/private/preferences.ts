import * as z from "zod/mini";
import {
  DEFAULT_PREFERENCES,
  type PreferenceName,
  type Preferences,
  mergePreferences,
  preferenceName,
  preferences,
} from "../../../core/private-state/preferences.ts";
import type { Deps } from "../store/deps.ts";
import type { PrivateRecords } from "./private-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";

const KEY = "preferences";
const RETRY_MS = 30_000;
const NAMES: readonly PreferenceName[] = preferenceName.options;

const stored = z.object({
  values: preferences,
  /** switched here; the account's private state does not have it yet */
  pending: z.array(preferenceName),
});
type Stored = z.infer<typeof stored>;

/** The account's switches: they hold here at once, offline too, then on its other devices (K9). */
export interface PreferencesKeeper {
  current(): Preferences;
  set(change: Partial<Preferences>): Promise<void>;
  /** After the private records were fetched: takes what other devices switched, gives what they lack. */
  sync(): Promise<void>;
  /** Another tab changed them in the store. */
  reload(): Promise<void>;
  close(): void;
}

const isSame = (a: Preferences, b: Preferences): boolean =>
  NAMES.every((name) => a[name] === b[name]);

export async function loadPreferences(
  deps: Deps,
  privateRecords: Pick<PrivateRecords, "find" | "put">,
  changed: (where: "here" | "elsewhere") => void,
): Promise<PreferencesKeeper> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const theirs = (): Preferences => {
    const found = privateRecords.find("preferences", () => true);
    if (!found) return DEFAULT_PREFERENCES;
    const { kind: _, ...values } = found;
    return values;
  };
  const read = async (): Promise<Stored> =>
    (await deps.store.read("state", KEY, stored)) ?? { values: theirs(), pending: [] };
  let held = await read();

  const rewrite = async (change: (now: Stored) => Stored): Promise<void> => {
    await deps.store.write(["state"], async (writer) => {
      const now = (await writer.get("state", KEY, stored)) ?? held;
      held = change(now);
      await writer.put("state", KEY, stored, held);
    });
    changed("here");
  };

  const push = async (): Promise<void> => {
    const sent = held;
    if (sent.pending.length === 0) return;
    try {
      let acknowledged = sent.values;
      await privateRecords.put(() => {
        acknowledged = mergePreferences(theirs(), sent.values, sent.pending);
        return { kind: "preferences", ...acknowledged };
      });
      await rewrite((now) => {
        // What was switched again meanwhile still waits.
        const pending = now.pending.filter(
          (name) => !sent.pending.includes(name) || now.values[name] !== sent.values[name],
        );
        return { values: mergePreferences(acknowledged, now.values, pending), pending };
      });
    } catch (error) {
      reportUnexpected(error);
      clearTimeout(timer);
      if (!closed) timer = setTimeout(() => void push(), RETRY_MS);
    }
  };

  return {
    current: () => held.values,
    async set(change) {
      await rewrite((now) => ({
        values: { ...now.values, ...change },
        pending: NAMES.filter((name) => change[name] !== undefined || now.pending.includes(name)),
      }));
      void push();
    },
    async sync() {
      const merged = mergePreferences(theirs(), held.values, held.pending);
      if (!isSame(merged, held.values)) {
        await rewrite((now) => ({
          ...now,
          values: mergePreferences(theirs(), now.values, now.pending),
        }));
      }
      void push();
    },
    async reload() {
      held = await read();
      changed("elsewhere");
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
