import { ProtocolError } from "../protocol/errors.ts";
import { int } from "./rows.ts";

/** How an object keeps its tables (decision "both ways"). */
export interface StorageFormat {
  /** raised when what older builds wrote can no longer be read */
  readonly era: number;
  /** each brings the tables one version on, and only adds: an older build serves what a newer one has made */
  readonly steps: readonly string[];
}

export type Stored =
  | { readonly kind: "nothing" }
  /** `era` 0: written before eras were counted */
  | { readonly kind: "written"; readonly era: number; readonly version: number };

export type Opening =
  /** nothing was ever written: tables come with the first write, so that strangers leave no trace */
  | { readonly kind: "wait" }
  | { readonly kind: "serve" }
  | { readonly kind: "raise"; readonly from: number }
  | { readonly kind: "refuse"; readonly era: number };

/** What a build does with storage that it finds. A version above its own is served and never lowered. */
export function planOpening(stored: Stored, format: StorageFormat): Opening {
  if (stored.kind === "nothing") return { kind: "wait" };
  if (stored.era !== format.era) return { kind: "refuse", era: stored.era };
  if (stored.version >= format.steps.length) return { kind: "serve" };
  return { kind: "raise", from: stored.version };
}

/** Storage of another era. Its message is for the operator; a peer is told `unavailable`. */
export class StorageEraError extends ProtocolError {
  constructor(found: number, expected: number) {
    super(
      "unavailable",
      `This object's storage is of era ${found}, and this build reads era ${expected}. Nothing was ` +
        `changed: deploy a build of era ${found}, or one that moves its data.`,
    );
  }
}

/** What stands in storage. Asking writes nothing. */
export function readStored(sql: SqlStorage): Stored {
  // The runtime's own tables (alarms) are called _cf_*.
  const tables = sql
    .exec(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    )
    .toArray();
  if (tables.length === 0) return { kind: "nothing" };
  if (!tables.some(({ name }) => name === "storage_version")) {
    return { kind: "written", era: 0, version: 0 };
  }
  for (const [era, version] of sql.exec("SELECT era, version FROM storage_version").raw()) {
    return { kind: "written", era: int(era), version: int(version) };
  }
  throw new RangeError("storage without a version");
}

/** Makes the tables, or brings them to this build's version. Synchronous: nothing comes between two statements. */
function write(storage: DurableObjectStorage, format: StorageFormat, from: number): void {
  storage.transactionSync(() => {
    for (const step of format.steps.slice(from)) storage.sql.exec(step);
    const version = format.steps.length;
    if (from > 0) storage.sql.exec("UPDATE storage_version SET version = ?", version);
    else {
      storage.sql.exec(
        "CREATE TABLE storage_version (era INTEGER NOT NULL, version INTEGER NOT NULL)",
      );
      storage.sql.exec(
        "INSERT INTO storage_version (era, version) VALUES (?, ?)",
        format.era,
        version,
      );
    }
  });
}

/** Opens what is there. False if nothing is. Throws StorageEraError, and then has changed nothing. */
export function openStorage(storage: DurableObjectStorage, format: StorageFormat): boolean {
  const opening = planOpening(readStored(storage.sql), format);
  switch (opening.kind) {
    case "wait":
      return false;
    case "serve":
      return true;
    case "raise":
      write(storage, format, opening.from);
      return true;
    case "refuse":
      throw new StorageEraError(opening.era, format.era);
  }
}

/** Opens what is there or makes it: for the first write. Throws StorageEraError. */
export function ensureStorage(storage: DurableObjectStorage, format: StorageFormat): void {
  if (!openStorage(storage, format)) write(storage, format, 0);
}
