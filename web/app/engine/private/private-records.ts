import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { unsigned } from "../../../../workers/protocol/fields.ts";
import { cappedBytes } from "../../../../workers/protocol/fields.ts";
import { type ConversationId, conversationIdText } from "../../../../workers/protocol/ids.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import * as z from "zod/mini";
import type { Pin } from "../../../core/account/history.ts";
import { type PrivateKeys, privateName } from "../../../core/private-state/keys.ts";
import {
  type OpenedRecord,
  type PrivateRecord,
  checkRecordVersion,
  openPrivateRecord,
  sealPrivateRecord,
  subjectOf,
  trustedPin,
} from "../../../core/private-state/records.ts";
import { CoreError } from "../../../core/errors.ts";
import type { ResultOf } from "../../../platform/http.ts";
import type { Deps } from "../store/deps.ts";
import { newestOf, overwritable, withoutRefusal } from "./judge-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";

type Awaitable<T> = T | Promise<T>;
type Page = ResultOf<"privatePage">;

/** The account's own records (K9), kept here as the server last acknowledged them. */
export interface PrivateRecords {
  /**
   * Fetches all records that are newer than what is held; resolves with how many were refused (K9). Throws CoreError
   * `unbounded` when the server's pages have no end.
   */
  sync(): Promise<number>;
  /** As `sync`, for the records of these names alone. */
  syncSome(names: readonly string[]): Promise<number>;
  /** Whether this version, or a newer one, is held. */
  holds(name: string, version: number): boolean;
  all(): readonly PrivateRecord[];
  find<Kind extends PrivateRecord["kind"]>(
    kind: Kind,
    matches: (record: Extract<PrivateRecord, { kind: Kind }>) => boolean,
  ): Extract<PrivateRecord, { kind: Kind }> | null;
  /**
   * Resolves when the server has it. The newest write of a subject wins; a function is asked again whenever
   * another device's write came first, so that it can build on that one, and may find that nothing is left to be
   * written. A conversation's record that names no flags keeps those it has.
   */
  put(record: PrivateRecord | (() => Awaitable<PrivateRecord | null>)): Promise<void>;
  /** Takes one record as another engine of this device has kept it since. */
  recall(about: Parameters<typeof privateName>[1]): Promise<void>;
  /** Fetches one record if the server has one. Throws CoreError `record_lower`. */
  refresh(about: Parameters<typeof privateName>[1]): Promise<void>;
  /** K9: writes anew what was written under an older user key and has no newer one. */
  renew(): Promise<void>;
  pinOf(account: Uint8Array): Pin | null;
  pinned(pin: Pin): void;
}

/** Records are shown in the order of their names, and an account has so many at most. */
function checkPage({ records, next }: Page, after: string | undefined, shown: number): void {
  if (shown > LIMITS.privateRecords) throw new CoreError("unbounded", `${shown} private records`);
  const isOnward = next === null || (records.length > 0 && next > (after ?? ""));
  if (!isOnward) throw new CoreError("unbounded", "more private records, and nothing of them");
}

const heldRecord = z.object({ version: unsigned, value: cappedBytes(LIMITS.privateRecord) });
const TRIES = 5;

export async function loadPrivateRecords(deps: Deps, keys: PrivateKeys): Promise<PrivateRecords> {
  const versions = new Map<string, number>();
  const opened = new Map<string, OpenedRecord>();

  /** K9: only what opens counts, and only at a version that was not passed. Throws CoreError otherwise. */
  const judged = (name: string, version: number, value: Uint8Array): OpenedRecord => {
    checkRecordVersion(versions.get(name) ?? 0, version);
    return openPrivateRecord(keys, { name: fromBase64url(name), version }, value);
  };
  const take = (name: string, version: number, record: OpenedRecord): void => {
    versions.set(name, version);
    opened.set(name, record);
  };

  for (const { key, value } of await deps.store.readAll("records", heldRecord)) {
    if (typeof key !== "string") continue;
    const record = withoutRefusal(() => judged(key, value.version, value.value));
    if (record) take(key, value.version, record);
  }

  /** What is refused moves nothing, here or in the store, which is what the next start believes. */
  const keep = async (name: string, version: number, value: Uint8Array): Promise<void> => {
    const record = judged(name, version, value);
    await deps.store.write(["records"], async (writer) => {
      // Another tab may have been told of a newer one meanwhile.
      const stored = await writer.get("records", name, heldRecord);
      if (version > (stored?.version ?? 0)) {
        await writer.put("records", name, heldRecord, { version, value });
      }
    });
    take(name, version, record);
  };

  const withHeldFlags = (record: PrivateRecord): PrivateRecord => {
    if (record.kind !== "conversation" || record.flags) return record;
    const flags = conversationIn({ find }, conversationIdText(record.conversation))?.flags;
    return flags ? { ...record, flags } : record;
  };

  const putNow = async (source: Parameters<PrivateRecords["put"]>[0]): Promise<void> => {
    /** the version of what stands there and does not open, if it is to be overwritten */
    let unopened = 0;
    for (let tries = 1; ; tries++) {
      const given = typeof source === "function" ? await source() : source;
      if (!given) return;
      const record = withHeldFlags(given);
      const key = toBase64url(privateName(keys, subjectOf(record)));
      const replaces = Math.max(versions.get(key) ?? 0, unopened);
      const sealed = sealPrivateRecord(deps.suite.random, keys, record, replaces);
      try {
        const body = { version: replaces, value: toBase64url(sealed.value) };
        await deps.api.call("putPrivate", { params: { key }, body });
        // Another tab may have built on it before this one heard that it had arrived.
        if ((versions.get(key) ?? 0) < sealed.version) {
          await keep(key, sealed.version, sealed.value);
        }
        return;
      } catch (error) {
        const stale = error instanceof ProtocolError && error.code === "stale_version";
        if (!stale || tries >= TRIES) throw error;
        const newer = await deps.api.call("privateRecord", { params: { key } });
        // Another tab's news of it may have come first.
        if ((versions.get(key) ?? 0) >= newer.version) continue;
        try {
          await keep(key, newer.version, fromBase64url(newer.value));
        } catch (refusal) {
          if (!(refusal instanceof CoreError)) throw refusal;
          unopened = overwritable(versions.get(key) ?? 0, newer.version);
        }
      }
    }
  };

  // Two writes of one record at once would race each other for its version.
  let turn: Promise<unknown> = Promise.resolve();
  const put: PrivateRecords["put"] = (source) => {
    const done = turn.then(() => putNow(source));
    turn = done.catch(() => undefined);
    return done;
  };

  const records = (): PrivateRecord[] => newestOf([...opened.values()]).map((one) => one.record);

  function find<Kind extends PrivateRecord["kind"]>(
    kind: Kind,
    matches: (record: Extract<PrivateRecord, { kind: Kind }>) => boolean,
  ) {
    type Wanted = Extract<PrivateRecord, { kind: Kind }>;
    const isWanted = (record: PrivateRecord): record is Wanted => record.kind === kind;
    return records().find((r): r is Wanted => isWanted(r) && matches(r)) ?? null;
  }

  const pinOf = (account: Uint8Array): Pin | null => {
    const found = opened.get(toBase64url(privateName(keys, ["pin", account])));
    return found ? trustedPin(found) : null;
  };

  const refreshNamed = async (key: string): Promise<void> => {
    const before = versions.get(key);
    try {
      const { version, value } = await deps.api.call("privateRecord", { params: { key } });
      // Written here while the server answered: the answer may be older, and that is no rollback (K9).
      if (versions.get(key) !== before || version === before) return;
      await keep(key, version, fromBase64url(value));
    } catch (error) {
      const isNone = error instanceof ProtocolError && error.code === "not_found";
      if (!isNone) throw error;
    }
  };
  const refresh: PrivateRecords["refresh"] = (about) =>
    refreshNamed(toBase64url(privateName(keys, about)));

  const recall: PrivateRecords["recall"] = async (about) => {
    const name = toBase64url(privateName(keys, about));
    const stored = await deps.store.read("records", name, heldRecord);
    if (!stored || stored.version <= (versions.get(name) ?? 0)) return;
    const record = withoutRefusal(() => judged(name, stored.version, stored.value));
    if (record) take(name, stored.version, record);
  };

  return {
    put,
    recall,
    refresh,
    all: records,
    pinOf,
    find,
    holds: (name, version) => (versions.get(name) ?? 0) >= version,
    async syncSome(names) {
      let refused = 0;
      for (const name of names) {
        try {
          await refreshNamed(name);
        } catch (error) {
          if (!(error instanceof CoreError)) throw error;
          refused += 1;
        }
      }
      return refused;
    },
    async sync() {
      const before = new Map(versions);
      let after: string | undefined;
      let refused = 0;
      let shown = 0;
      do {
        const page = await deps.api.call("privatePage", { query: { after } });
        shown += page.records.length;
        checkPage(page, after, shown);
        for (const { key, version, value } of page.records) {
          // Written here while the server answered: the answer may be older, and that is no rollback (K9).
          if ((versions.get(key) ?? 0) > (before.get(key) ?? 0)) continue;
          if (versions.get(key) === version) continue;
          try {
            await keep(key, version, fromBase64url(value));
          } catch (error) {
            // K9: one that is refused hides no other.
            if (!(error instanceof CoreError)) throw error;
            refused += 1;
          }
        }
        after = page.next ?? undefined;
      } while (after !== undefined);
      return refused;
    },
    async renew() {
      const old = newestOf([...opened.values()]).filter(({ stale }) => stale);
      for (const { record } of old) {
        // A pin that whoever was revoked could have written is but a hint: it comes anew from what is verified.
        if (record.kind === "pin") continue;
        const key = toBase64url(privateName(keys, subjectOf(record)));
        await put(() => (opened.has(key) ? null : record));
      }
    },
    pinned(pin) {
      const held = pinOf(pin.account);
      if (held && held.version >= pin.version) return;
      // The pin guards this account's other devices; this one has the manifests themselves.
      put({ kind: "pin", ...pin }).catch(reportUnexpected);
    },
  };
}

/** What the account keeps of one conversation. */
export const conversationIn = (records: Pick<PrivateRecords, "find">, id: ConversationId) =>
  records.find("conversation", (record) => conversationIdText(record.conversation) === id);
