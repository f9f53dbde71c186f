import type { Content, UnknownContent } from "../messages/payload.ts";

/** What is stored of one place in the log, as far as display needs it. Ids are text. */
export type Stored =
  | {
      readonly type: "message";
      readonly id: string;
      readonly seq: number;
      readonly at: number;
      readonly account: string;
      readonly device: string;
      readonly deviceSeq: number;
      readonly content: Content | UnknownContent;
    }
  | { readonly type: "bundle"; readonly seq: number; readonly at: number }
  | {
      readonly type: "quarantined";
      readonly seq: number;
      readonly at: number;
      /** as claimed, unverified; null when unreadable */
      readonly device: string | null;
      readonly deviceSeq: number | null;
    };

/** A message of this device that has no place in the order yet. */
export interface Unsent {
  readonly id: string;
  readonly at: number;
  readonly content: Content;
}

/** One line of the timeline, oldest first. The app gives it names and words. */
export type Line =
  | { readonly type: "stored"; readonly stored: Stored }
  | { readonly type: "unsent"; readonly unsent: Unsent }
  /** M6: `count` messages of `device` are missing before `seq` */
  | {
      readonly type: "missing";
      readonly device: string;
      readonly seq: number;
      readonly count: number;
    };

/**
 * M6: display order is the server's seq, duplicates shown once, holes said; unsent ones last, in their order.
 * `fromStart`: the stretch begins with the conversation, so that a device's first message is its number 1.
 */
export function timelineOf(
  stored: readonly Stored[],
  unsent: readonly Unsent[],
  fromStart: boolean,
): Line[] {
  const newest = new Map<string, number>();
  const ids = new Set<string>();
  const lines: Line[] = [];
  for (const item of [...stored].sort((a, b) => a.seq - b.seq)) {
    if (item.type === "message") {
      if (ids.has(item.id)) continue;
      ids.add(item.id);
    }
    if (item.type !== "bundle" && item.device !== null && item.deviceSeq !== null) {
      const { device, deviceSeq, seq } = item;
      const before = newest.get(device) ?? (fromStart ? 0 : undefined);
      if (before !== undefined && deviceSeq > before + 1) {
        lines.push({ type: "missing", device, seq, count: deviceSeq - before - 1 });
      }
      newest.set(device, Math.max(before ?? 0, deviceSeq));
    }
    lines.push({ type: "stored", stored: item });
  }
  for (const item of unsent) {
    // Stored already: the log brought it back before the outbox forgot it.
    if (!ids.has(item.id)) lines.push({ type: "unsent", unsent: item });
  }
  return lines;
}

type Message = Extract<Stored, { type: "message" }>;

const isText = (item: Stored): item is Message & { content: { kind: "text" } } =>
  item.type === "message" && item.content.kind === "text";

/** The last text: of mine that are unsent first, else by seq; null if there is none. */
export function previewOf(
  stored: readonly Stored[],
  unsent: readonly Unsent[],
  me: string,
): { readonly own: boolean; readonly text: string; readonly at: number } | null {
  const mine = unsent.findLast(({ content }) => content.kind === "text");
  if (mine?.content.kind === "text") return { own: true, text: mine.content.text, at: mine.at };
  const last = lastText(stored);
  return last && { own: last.account === me, text: last.content.text, at: last.at };
}

function lastText(stored: readonly Stored[]) {
  return stored.reduce<(Message & { content: { kind: "text" } }) | null>(
    (last, item) => (isText(item) && (!last || item.seq > last.seq) ? item : last),
    null,
  );
}

/** "Waiting for you": the last text is theirs and nothing of mine is on its way. */
export function isWaitingForYou(
  stored: readonly Stored[],
  unsent: readonly Unsent[],
  me: string,
): boolean {
  const last = lastText(stored);
  return last !== null && last.account !== me && unsent.length === 0;
}

/** The others' texts after what was read; exact once decrypted (decision 3). */
export const unreadOf = (stored: readonly Stored[], readSeq: number, me: string): number =>
  stored.filter((item) => isText(item) && item.account !== me && item.seq > readSeq).length;

const GROUP_MS = 5 * 60 * 1000;

/** Whether a message continues the bubble group of the one before it: same sender, within five minutes, same day. */
export const continuesGroup = (
  before: { readonly account: string; readonly at: number },
  item: { readonly account: string; readonly at: number },
  dayOf: (at: number) => string,
): boolean =>
  before.account === item.account &&
  item.at - before.at < GROUP_MS &&
  dayOf(before.at) === dayOf(item.at);

/** I8: the newest profile name that each account signed. */
export function profileNames(stored: readonly Stored[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const item of [...stored].sort((a, b) => a.seq - b.seq)) {
    if (item.type === "message" && item.content.kind === "profile") {
      names.set(item.account, item.content.name);
    }
  }
  return names;
}
