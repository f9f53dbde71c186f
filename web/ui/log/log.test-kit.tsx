/** A conversation screen with models that hold still, and where things are in its log. */
import { page } from "vitest/browser";
import type { Timeline, TimelineItem } from "../../app/timeline.ts";
import {
  type Fakes,
  details,
  fakeModels,
  message,
  practitioner,
  summary,
  timeline,
} from "../fake-models.test-kit.ts";
import { mount } from "../mount.test-kit.ts";
import { ConversationScreen } from "../conversation/conversation-screen.tsx";
import { forgetComposers } from "../composer/composer-state.ts";
import { C1, messageNamed, nameOf } from "../../app/ids.test-kit.ts";
import "../styles/two-panes.css";

export let fakes: Fakes;

export const start = new Date("2026-11-18T08:00:00").getTime();
/** Of different heights, so that counting items instead of measuring them would show. */
export const say = (seq: number): TimelineItem =>
  message(seq, start + seq * 60_000, `Message ${seq} ${"word ".repeat((seq * 7) % 40)}`);
export const range = (from: number, to: number): TimelineItem[] =>
  Array.from({ length: to - from + 1 }, (_, index) => say(from + index));
export const own = (state: "queued" | "sent", seq: number | null = null): TimelineItem =>
  message(seq, start + 9_000_000, "My answer", { state });

export const log = () => page.getByRole("log", { name: "Messages" }).element() as HTMLElement;
export const top = (seq: number): number =>
  (document.querySelector(`[data-id="${messageNamed(`m${seq}`)}"]`)?.getBoundingClientRect().top ??
    Number.NaN) - log().getBoundingClientRect().top;
/** The first message in sight: in a virtual list only that one's place is certain. */
export const inSight = (): number => {
  const edge = log().getBoundingClientRect().top;
  const first = [...log().querySelectorAll("article")].find(
    (article) => article.getBoundingClientRect().top >= edge,
  );
  return Number(nameOf(first?.getAttribute("data-id") ?? "").slice(1));
};
export const fromBottom = (): number => log().scrollHeight - log().clientHeight - log().scrollTop;
export const forgetCalls = (): void => void fakes.calls.splice(0);
export const calls = (name: string) => fakes.calls.filter(([known]) => known === name);

/** A frame with its observers, as it was painted. What is done after it is done between two frames, as people do. */
async function painted(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setTimeout(resolve));
}

const whereRowsAre = (): string =>
  [...log().querySelectorAll<HTMLElement>(".log-rows > *")]
    .map((row) => `${row.getBoundingClientRect().top} ${row.style.visibility}`)
    .join();

/** Rows that come into sight are measured in the frames after: once nothing has moved in three, nothing moves any more. */
export async function still(): Promise<void> {
  let before = "";
  for (let unmoved = 0; unmoved < 3; ) {
    await painted();
    const now = whereRowsAre();
    // A row is hidden until it is measured, which a busy machine may do after several frames.
    unmoved = now === before && !now.includes("hidden") ? unmoved + 1 : 0;
    before = now;
  }
}

export async function show(items: readonly TimelineItem[], change = {}): Promise<void> {
  fakes.timeline.value = timeline(items, change);
  await still();
}

export async function scrollTo(y: number): Promise<void> {
  log().scrollTop = y;
  await still();
}

/** Changes the timeline and says how far the message in sight has moved, at worst, in any frame until all is still. */
export async function movedBy(items: readonly TimelineItem[], change = {}): Promise<number> {
  const seq = inSight();
  const before = top(seq);
  let worst = 0;
  fakes.timeline.value = timeline(items, change);
  for (let frame = 0; frame < 8; frame += 1) {
    await painted();
    const moved = Math.abs(top(seq) - before);
    worst = Number.isNaN(moved) ? Number.POSITIVE_INFINITY : Math.max(worst, moved);
  }
  return worst;
}

export async function open(change: Partial<Timeline>): Promise<void> {
  fakes.timeline.value = timeline(range(101, 160), change);
  await mount(
    fakes.models,
    <div class="two-panes" style={{ blockSize: "600px" }}>
      <div class="main-pane" style={{ gridColumn: "1 / -1" }}>
        <ConversationScreen id={C1} />
      </div>
    </div>,
  );
  await still();
}

/** Sixty messages of a longer history, in a window of a fixed size. */
export async function openLog(): Promise<void> {
  forgetComposers();
  await page.viewport(800, 600);
  fakes = fakeModels({ me: practitioner });
  fakes.list.value = [summary("c1", "Ana Morales")];
  fakes.details.value = details({ createdAt: new Date("2026-10-01T08:00:00").getTime() });
  await open({ older: "available" });
}
