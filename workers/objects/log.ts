import type { StorageEraError } from "./storage-version.ts";

type Line =
  | { readonly event: "storage-refused"; readonly object: string; readonly detail: string }
  | {
      readonly event: "outage-began";
      readonly object: string;
      /** what is out of reach */
      readonly neighbour: string;
      readonly task: string;
      readonly name: string;
      readonly cause: string | null;
      readonly frames: readonly string[];
    }
  /** N1: refused by a push service, or tried too often */
  | { readonly event: "pushes-given-up"; readonly object: string; readonly count: number }
  | {
      readonly event: "outage-ended";
      readonly object: string;
      readonly neighbour: string;
      readonly afterMs: number;
      readonly attempts: number;
    };

/** What an object has to say to the operator: no names, no contents, no identifiers of people or conversations. */
export function log(line: Line): void {
  const level = line.event === "outage-ended" ? "info" : "error";
  // oxlint-disable-next-line no-console -- the objects' one place that logs; a request's failures are http/failure.ts's
  console[level](JSON.stringify({ level, ...line }));
}

/** Once an instance: its storage is of another era. */
export const logRefused = (object: string, error: StorageEraError): void =>
  log({ event: "storage-refused", object, detail: error.message });
