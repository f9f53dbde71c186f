import { CoreError } from "../errors.ts";

/** The stretch of the log that is stored: every seq from..to, without a hole. null before anything is. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The seq up to which the log is stored; what `hello` sends. */
export const cursorOf = (stretch: Stretch | null): number => stretch?.to ?? 0;

interface Placed {
  readonly seq: number;
}

/** What to do with log items that came, live or in a page. */
export interface Intake<Item> {
  /** to be verified and stored, in this order, in one transaction with the new stretch (A5) */
  readonly apply: readonly Item[];
  readonly stretch: Stretch | null;
  /** items are missing before what came: fetch the log after this seq; null if none */
  readonly fetchAfter: number | null;
}

/**
 * A5: takes what continues the stretch, skips what is stored, stops at a gap: the stored stretch never has a
 * hole. A first intake (`stretch` null) has to start at seq 1; tails start with {@link intakeTail}.
 */
export function intake<Item extends Placed>(
  stretch: Stretch | null,
  items: readonly Item[],
): Intake<Item> {
  const cursor = cursorOf(stretch);
  const apply: Item[] = [];
  let to = cursor;
  let gap = false;
  for (const item of [...items].sort((a, b) => a.seq - b.seq)) {
    if (item.seq <= to) continue;
    if (item.seq > to + 1) {
      gap = true;
      break;
    }
    apply.push(item);
    to = item.seq;
  }
  const next = to === cursor ? stretch : { from: stretch?.from ?? 1, to };
  return { apply, stretch: next, fetchAfter: gap ? to : null };
}

/** K13: of a tail (bundles from anywhere, the last envelopes), the unbroken stretch up to `lastSeq`. */
export function intakeTail<Item extends Placed>(
  items: readonly Item[],
  lastSeq: number,
): { readonly apply: readonly Item[]; readonly stretch: Stretch | null } {
  const bySeq = new Map(items.map((item) => [item.seq, item]));
  const apply: Item[] = [];
  for (let seq = lastSeq; ; seq--) {
    const item = bySeq.get(seq);
    if (!item) break;
    apply.unshift(item);
  }
  const first = apply[0];
  return { apply, stretch: first ? { from: first.seq, to: lastSeq } : null };
}

/** Older history, read backwards: takes what ends right before the stretch. */
export function intakeOlder<Item extends Placed>(
  stretch: Stretch,
  items: readonly Item[],
): { readonly apply: readonly Item[]; readonly stretch: Stretch } {
  const bySeq = new Map(items.map((item) => [item.seq, item]));
  const apply: Item[] = [];
  let { from } = stretch;
  for (;;) {
    const item = bySeq.get(from - 1);
    if (!item) break;
    apply.unshift(item);
    from = item.seq;
  }
  return { apply, stretch: { from, to: stretch.to } };
}

/** What follows a `welcome`. */
export type AfterWelcome =
  | { readonly kind: "caught-up" }
  /** items after the cursor follow on the socket */
  | { readonly kind: "await" }
  /** page by HTTP after this seq, then say hello again */
  | { readonly kind: "page"; readonly after: number };

/** Throws CoreError `bundle_forked` when the server's log is shorter than what it already gave (rolled back). */
export function afterWelcome(
  stretch: Stretch | null,
  welcome: { readonly lastSeq: number; readonly behind: boolean },
): AfterWelcome {
  const cursor = cursorOf(stretch);
  if (welcome.lastSeq < cursor) throw new CoreError("bundle_forked", "the log was rolled back");
  if (welcome.lastSeq === cursor) return { kind: "caught-up" };
  return welcome.behind ? { kind: "page", after: cursor } : { kind: "await" };
}
