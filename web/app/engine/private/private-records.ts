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
import type { Deps } from "../store/deps.ts";
import { reportUnexpected } from "../store/problem-of.ts";

type Awaitable<T> = T | Promise<T>;

/** The account's own records (K9), kept here as the server last acknowledged them. */
export interface PrivateRecords {
  /** Fetches all records that are newer than what is held. Throws CoreError `record_lower`. */
  sync(): Promise<void>;
  /** As `sync`, for the records of these names alone. */
  syncSome(names: readonly string[]): Promise<void>;
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
  pinOf(account: Uint8Array): Pin | null;
  pinned(pin: Pin): void;
}

const heldRecord = z.object({ version: unsigned, value: cappedBytes(LIMITS.privateRecord) });
const TRIES = 5;

export async function loadPrivateRecords(deps: Deps, keys: PrivateKeys): Promise<PrivateRecords> {
  const versions = new Map<string, number>();
  const opened = new Map<string, OpenedRecord>();

  const take = (name: string, version: number, value: Uint8Array): void => {
    checkRecordVersion(versions.get(name) ?? 0, version);
    versions.set(name, version);
    try {
      opened.set(name, openPrivateRecord(keys, { name: fromBase64url(name), version }, value));
    } catch (error) {
      // One record that does not open (E5) must not hide the others.
      if (!(error instanceof CoreError)) throw error;
    }
  };

  for (const { key, value } of await deps.store.readAll("records", heldRecord)) {
    if (typeof key === "string") take(key, value.version, value.value);
  }

  const keep = async (name: string, version: number, value: Uint8Array): Promise<void> => {
    // Before it is stored: a lower version in the store would be what the next start believes.
    checkRecordVersion(versions.get(name) ?? 0, version);
    await deps.store.write(["records"], async (writer) => {
      // Another tab may have been told of a newer one meanwhile.
      const stored = await writer.get("records", name, heldRecord);
      if (version > (stored?.version ?? 0)) await writer.put("records", name, { version, value });
    });
    take(name, version, value);
  };

  const withHeldFlags = (record: PrivateRecord): PrivateRecord => {
    if (record.kind !== "conversation" || record.flags) return record;
    const flags = conversationIn({ find }, conversationIdText(record.conversation))?.flags;
    return flags ? { ...record, flags } : record;
  };

  const putNow = async (source: Parameters<PrivateRecords["put"]>[0]): Promise<void> => {
    for (let tries = 1; ; tries++) {
      const given = typeof source === "function" ? await source() : source;
      if (!given) return;
      const record = withHeldFlags(given);
      const key = toBase64url(privateName(keys, subjectOf(record)));
      const replaces = versions.get(key) ?? 0;
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
        await refreshNamed(key);
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

  /** What was written under the current user key first: it may stand for an older one of the same subject. */
  const records = (): PrivateRecord[] =>
    [...opened.values()]
      .sort((a, b) => Number(a.stale) - Number(b.stale))
      .flatMap(({ record }) => (record.kind === "unknown" ? [] : [record]));

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
    if (stored && stored.version > (versions.get(name) ?? 0)) {
      take(name, stored.version, stored.value);
    }
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
      for (const name of names) await refreshNamed(name);
    },
    async sync() {
      const before = new Map(versions);
      let after: string | undefined;
      do {
        const page = await deps.api.call("privatePage", { query: { after } });
        for (const { key, version, value } of page.records) {
          // Written here while the server answered: the answer may be older, and that is no rollback (K9).
          if ((versions.get(key) ?? 0) > (before.get(key) ?? 0)) continue;
          if (versions.get(key) !== version) await keep(key, version, fromBase64url(value));
        }
        after = page.next ?? undefined;
      } while (after !== undefined);
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
