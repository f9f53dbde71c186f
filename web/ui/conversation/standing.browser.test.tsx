import { afterEach, expect, test, vi } from "vitest";
import type { ConversationDetails } from "../../app/view.ts";
import { details, fakeModels, practitioner, summary, timeline } from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { dateAndTime } from "../text/dates.ts";
import { locale } from "../text/language.ts";
import { en } from "../text/en/en.ts";
import { ConversationScreen } from "./conversation-screen.tsx";
import { C1 } from "../../app/ids.test-kit.ts";

afterEach(unmount);

const SINCE = Date.UTC(2026, 10, 16, 12, 5);

async function show(change: Partial<ConversationDetails>) {
  const fakes = fakeModels({ me: practitioner });
  fakes.list.value = [summary("c1", "Ana Morales")];
  fakes.details.value = details(change);
  fakes.timeline.value = timeline([]);
  await mount(fakes.models, <ConversationScreen id={C1} />);
  await settled();
  return fakes;
}
const banner = () => document.querySelector(".conversation-note.below");
const composer = () => document.querySelector("textarea");
const page = () => document.body.textContent ?? "";

test("C5 while something is wanted it is said what and since when, and writing goes on", async () => {
  const fakes = await show({ wanting: { what: "manifest", since: SINCE } });
  await vi.waitFor(() => expect(banner()).not.toBeNull(), { timeout: 5_000 });
  expect(banner()?.textContent).toContain(en.conversation.wantingTitle);
  expect(banner()?.textContent).toContain(dateAndTime(locale.value, SINCE));
  expect(composer()).not.toBeNull();
  fakes.details.value = details();
  await settled();
  expect([banner(), composer() !== null]).toEqual([null, true]);
});

test("C5 after proof nothing can be written, and the reason is said", async () => {
  await show({ state: "blocked" });
  expect(banner()?.textContent).toContain(en.conversation.blocked);
  expect(composer()).toBeNull();
});

test("C5 the details keep what failed a check, newest first; where nothing did they say nothing of it", async () => {
  await show({
    failures: [
      { what: "bundle", at: SINCE },
      { what: "share", at: SINCE + 1 },
    ],
  });
  const rows = [...document.querySelectorAll(".details-pane li")].map((row) => row.textContent);
  expect(rows[0]).toContain(en.details.failure.share);
  expect(rows[1]).toContain(en.details.failure.bundle);
  expect(rows[1]).toContain(dateAndTime(locale.value, SINCE));
  unmount();
  await show({});
  expect(page()).not.toContain(en.details.failures);
});
