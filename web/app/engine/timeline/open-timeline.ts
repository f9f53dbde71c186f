import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import { isShown } from "../../../core/messages/content.ts";
import type { Reveal, Timeline, TimelineItem } from "../../timeline.ts";
import { type TimelineUpdate, runsOf, sameValue } from "../../timeline-update.ts";
import { readMarksAndQuotes } from "./marks-and-quotes.ts";
import { HOLD_MS, type Opening, holdArrivals } from "./arrival-hold.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { Deps } from "../store/deps.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../conversation/library.ts";
import type { Outbox } from "../send/outbox.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import { readingPlace } from "../reading/reading-place.ts";
import { type ConversationRecord, marksRecord, messageRecord } from "../store/records.ts";
import { createRowCache } from "./row-cache.ts";
import { placeSince } from "./since.ts";
import {
  END,
  type Extent,
  type Stretch,
  around as aroundSeq,
  atNewest,
  bounded,
  holds,
  withNewer,
  withOlder,
} from "./stretch.ts";
import { timelineItems } from "./timeline-view.ts";

/** The history of the conversation on screen: a bounded stretch of it, wherever the reader is. */
export interface OpenTimeline {
  readonly id: ConversationId;
  /** Reads what changed and tells the page, if there is anything to tell. */
  show(): Promise<void>;
  older(): Promise<void>;
  newer(): Promise<void>;
  /** Throws what the network throws when the place is not stored here and cannot be fetched. */
  at(seq: number): Promise<void>;
  since(time: number): Promise<void>;
  newest(): Promise<void>;
  /** the server's newest is stored; until then the timeline may be incomplete */
  caughtUp(): Promise<void>;
  /** Another tab wrote. */
  forget(): void;
  close(): void;
}

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly outbox: Outbox;
  readonly catchUp: CatchUp;
  /** whether the person gives read receipts, and so is shown them (M10) */
  readonly receipts: () => boolean;
  readonly emit: (timeline: TimelineUpdate | null) => void;
}

/** Pages fetched at most for one jump: twelve thousand places back; asked again it goes on from there. */
const MOST_PAGES = 60;

const extentOf = (record: ConversationRecord): Extent => ({
  oldest: record.oldest,
  newest: Math.max(record.cursor, record.oldest),
});

export function openTimeline(around: Surroundings, id: ConversationId): OpenTimeline {
  const { deps, library } = around;
  const rows = createRowCache(deps.store, "messages", messageRecord, id);
  const marks = createRowCache(deps.store, "marks", marksRecord, id);
  let stretch: Stretch | null = null;
  let sent: { readonly items: readonly TimelineItem[]; readonly rest: unknown } | null = null;
  let older: "idle" | "loading" | "unreachable" = "idle";
  let newFrom: number | null = null;
  let reveal: Reveal | null = null;
  let opening: Opening | null = null;
  const holdEnds = setTimeout(() => void inTurn(show), HOLD_MS);
  let seeking: number | null = null;
  let isCaughtUp = false;
  let isClosed = false;
  /** counts the jumps: a newer one ends what an older one still looks for */
  let jumps = 0;
  let turn: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(() => (isClosed ? undefined : work())).catch(reportUnexpected);
    return turn;
  };

  /** Unread messages come first, then where the reader left off, then the end. */
  const begin = async (record: ConversationRecord): Promise<Stretch> => {
    const extent = extentOf(record);
    // Where everything is new there is nothing to divide.
    if (record.unread > 0 && record.readSeq > 0) {
      newFrom = record.readSeq + 1;
      return aroundSeq(newFrom, extent);
    }
    const kept = await readingPlace(deps.store, id);
    if (kept === null || kept.seq < extent.oldest || kept.seq > extent.newest) {
      // A device that has nothing yet has nothing to divide it from.
      if (record.readSeq > 0 && record.cursor > 0)
        opening = { cursor: extent.newest, until: deps.now() + HOLD_MS };
      return atNewest(extent);
    }
    reveal = { seq: kept.seq, top: kept.top, at: 0, as: "kept" };
    return aroundSeq(kept.seq, extent);
  };

  /** The newest place to show: what arrives while the conversation opens may have to wait. */
  const newestShown = (record: ConversationRecord, extent: Extent): number => {
    if (!opening) return extent.newest;
    const arrived = holdArrivals(opening, record, isCaughtUp, deps.now());
    if (arrived.kind === "hold") return opening.cursor;
    opening = null;
    if (arrived.kind === "divide") {
      newFrom = arrived.from;
      reveal = { seq: newFrom, top: 0, at: -1, as: "new" };
      stretch = aroundSeq(newFrom, extent);
    }
    return extent.newest;
  };

  const show = async (): Promise<void> => {
    const record = await library.kept(id);
    if (!record) return around.emit(null);
    const all = extentOf(record);
    stretch ??= await begin(record);
    const extent = { oldest: all.oldest, newest: newestShown(record, all) };
    stretch = bounded(stretch, extent);
    const now = {
      from: Math.max(stretch.from, extent.oldest),
      to: extent.newest < all.newest ? extent.newest : stretch.to,
    };
    const isNewest = now.to === END || now.to >= extent.newest;
    // Before the rows: what leaves the outbox meanwhile is found in both, and not for a moment in neither.
    const waiting = await around.outbox.entries(id);
    const [stored, marked] = await Promise.all([rows.read(now), marks.read(now)]);
    const placed = new Set(
      stored.flatMap(({ row }) => (row.type === "message" ? [toBase64url(row.messageId)] : [])),
    );
    // What is under way has no place yet: it stands after the newest. What it changes may stand anywhere (M5).
    const entries = waiting.flatMap(({ entry }) => {
      const isPlaced = placed.has(toBase64url(entry.messageId));
      return !isPlaced && (isNewest || !isShown(entry.body)) ? [entry] : [];
    });
    const beside = await readMarksAndQuotes(
      deps.store,
      id,
      { rows: stored, marks: marked },
      entries,
    );
    if (isClosed) return;
    const self = { ...around.me, receipts: around.receipts() };
    tell(timelineItems(record, stored, entries, self, beside), {
      conversation: id,
      older: older === "idle" ? (now.from > 1 ? "available" : "none") : older,
      newer: isNewest ? "none" : "available",
      reveal,
      seeking,
      newFrom,
      caughtUp: isCaughtUp,
    });
  };

  const tell = (items: readonly TimelineItem[], rest: Omit<Timeline, "items">): void => {
    const before = sent?.items ?? [];
    const runs = runsOf(before, items);
    const [only] = runs;
    const isSame = only && runs.length === 1 && "from" in only && only.count === before.length;
    if (sent && isSame && sameValue(sent.rest, rest)) return;
    around.emit({ ...rest, runs, on: sent ? before.length : null });
    sent = { items, rest };
  };

  const move = (to: (stretch: Stretch, extent: Extent) => Stretch): Promise<void> =>
    inTurn(async () => {
      const record = await library.record(id);
      if (!record) return;
      if (stretch) stretch = to(stretch, extentOf(record));
      await show();
    });

  const reach = (seq: number, as: "found" | "day"): Promise<void> =>
    move((current, extent) => {
      reveal = { seq, as, top: 0, at: jumps };
      const isHere = holds(current, seq) && seq >= extent.oldest;
      return isHere ? current : aroundSeq(Math.max(seq, extent.oldest), extent);
    });

  /** Fetches backwards until this place is stored; says how far it is. */
  const fetchBackTo = async (seq: number): Promise<void> => {
    const jump = ++jumps;
    let record = await library.record(id);
    const start = record?.oldest ?? 1;
    try {
      for (let page = 0; page < MOST_PAGES; page += 1) {
        if (!record || record.oldest <= Math.max(seq, 1) || jump !== jumps || isClosed) return;
        seeking = (start - record.oldest) / (start - Math.max(seq, 1));
        void inTurn(show);
        await around.catchUp.older(id);
        record = await library.record(id);
      }
    } finally {
      if (jump === jumps) seeking = null;
      void inTurn(show);
    }
  };

  const reachStored = async (seq: number, as: "found" | "day"): Promise<void> => {
    await fetchBackTo(seq);
    await reach(seq, as);
  };

  return {
    id,
    show: () => inTurn(show),
    async older() {
      if (older === "loading" || !stretch) return;
      const record = await library.record(id);
      if (!record) return;
      if (stretch.from <= record.oldest && record.oldest > 1) {
        older = "loading";
        void inTurn(show);
        try {
          await around.catchUp.older(id);
          older = "idle";
        } catch (error) {
          older = "unreachable";
          reportUnexpected(error);
          return inTurn(show);
        }
      }
      await move(withOlder);
    },
    newer: () => move(withNewer),
    at: (seq) => reachStored(seq, "found"),
    async since(time) {
      const record = await library.record(id);
      if (record) await reachStored(await placeSince(deps, id, extentOf(record), time), "day");
    },
    newest() {
      jumps += 1;
      reveal = null;
      opening = null;
      return move((current, extent) => (current.to === END ? current : atNewest(extent)));
    },
    caughtUp() {
      if (isCaughtUp) return Promise.resolve();
      isCaughtUp = true;
      return inTurn(show);
    },
    forget() {
      rows.forget();
      marks.forget();
    },
    close() {
      isClosed = true;
      clearTimeout(holdEnds);
      rows.close();
      marks.close();
    },
  };
}
