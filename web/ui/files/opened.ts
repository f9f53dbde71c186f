/** Files that were fetched, verified and opened for this page; a few of them stay, so that scrolling fetches none twice. */
import { type Signal, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { FilesModel, Outcome } from "../../app/models.ts";
import type { Failure } from "../kit/problem.tsx";
import { signedOut } from "../state/endings.ts";
import { useModels } from "../state/models-context.ts";
import type { ShownFile } from "./shown-file.ts";

export type Opened =
  | { readonly state: "closed" | "opening" }
  | { readonly state: "open"; readonly blob: Blob; readonly url: string }
  | { readonly state: "failed"; readonly failure: Failure };

interface Entry {
  readonly opened: Signal<Opened>;
  /** how many places show it now */
  holders: number;
}

type Files = Pick<FilesModel, "open" | "leave">;

/** Bytes of what nothing shows any more and is kept all the same. */
const KEPT_BYTES = 48 * 1024 * 1024;

/** The last one used is the last one here. */
const entries = new Map<ShownFile["id"], Entry>();

function entryOf(id: ShownFile["id"]): Entry {
  const entry = entries.get(id) ?? { opened: signal<Opened>({ state: "closed" }), holders: 0 };
  entries.delete(id);
  entries.set(id, entry);
  return entry;
}

function close(id: ShownFile["id"], { opened }: Entry): void {
  const value = opened.peek();
  if (value.state === "open") URL.revokeObjectURL(value.url);
  opened.value = { state: "closed" };
  entries.delete(id);
}

/** Lets go of the oldest that nothing shows. */
function trim(): void {
  let kept = 0;
  for (const [id, entry] of [...entries].toReversed()) {
    const { value } = entry.opened;
    if (value.state !== "open") continue;
    kept += value.blob.size;
    if (kept > KEPT_BYTES && entry.holders === 0) close(id, entry);
  }
}

effect(() => {
  if (signedOut.value === 0) return;
  for (const [id, entry] of entries) close(id, entry);
});

/** The file itself, fetched unless it is here; what failed is tried again. */
export async function openFile(files: Files, { id, address }: ShownFile): Promise<Outcome<Blob>> {
  const { opened } = entryOf(id);
  const { value } = opened;
  if (value.state === "open") return { ok: true, value: value.blob };
  opened.value = { state: "opening" };
  const outcome = await files
    .open(address)
    .catch((): Outcome<Blob> => ({ ok: false, problem: "internal" }));
  // Asked for twice, it came twice; or it was forgotten meanwhile.
  const now = entries.get(id)?.opened;
  if (now !== opened || now.peek().state === "open") return outcome;
  opened.value = outcome.ok
    ? { state: "open", blob: outcome.value, url: URL.createObjectURL(outcome.value) }
    : { state: "failed", failure: outcome };
  trim();
  return outcome;
}

/**
 * What is shown of a file as long as a component is: fetched once it is `wanted`, and again when the network is back.
 * What nobody looks at any more is not fetched to its end.
 */
export function useOpened(file: ShownFile, wanted: boolean): Opened {
  const { files, connection } = useModels();
  const entry = entryOf(file.id);
  const { value } = entry.opened;
  const isOnline = connection.value !== "offline";

  useEffect(() => {
    entry.holders += 1;
    return () => {
      entry.holders -= 1;
      if (entry.holders > 0) return;
      if (entry.opened.peek().state === "opening") {
        files.leave(file.id);
        entry.opened.value = { state: "closed" };
      }
      trim();
    };
  }, [entry]);

  const isStuck = value.state === "failed" && value.failure.problem === "offline";
  const isDue = wanted && (value.state === "closed" || (isStuck && isOnline));
  useEffect(() => {
    if (isDue) void openFile(files, file);
  }, [isDue, file.id]);
  return value;
}
