/** Who and what stands in the pictures: made up, of all lengths and states. */
import type { Notice, TimelineItem } from "../../web/app/timeline.ts";
import type { ConversationSummary } from "../../web/app/view.ts";
import { DAY, message, summary } from "../../web/ui/fake-models.test-kit.ts";
import { accountNamed, messageNamed } from "../../web/app/ids.test-kit.ts";

const HOUR = DAY / 24;
const NAMES = [
  "Ana Morales",
  "José Núñez de la Peña y Castellón",
  "Luis",
  "Chloé Dupont",
  "إبراهيم المصري",
  "Jo Li",
  "Katharina von Hohenfels-Langenburg",
  "María del Carmen Fernández",
  "Tom",
  "Zoë Ångström",
];
const SAID = [
  "Thank you, that helps a lot",
  "Shall we move some protein from lunch to dinner? Lentils are fine for me in the evening, and an egg now and then.",
  "👍",
  "On Thursday then",
  "https://example.org/a/very/long/address/that/has/no/blank/in/it/anywhere?and=more&of=it",
];

/** A morning of a practitioner: everything that a row can say is near the top. */
export function fullList(now: number): ConversationSummary[] {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const name = NAMES[i % NAMES.length] ?? "";
    return summary(`c${i + 1}`, i < NAMES.length ? name : `${name} ${"ABCDEF"[i % 6]}.`, {
      lastAt: now - i * 7 * HOUR,
      preview: { own: i % 3 === 2, text: SAID[i % SAID.length] ?? "", deleted: false },
      unread: i % 4 === 1 ? i + 1 : 0,
      waitingForYou: i % 4 === 1,
    });
  });
  const special: Partial<ConversationSummary>[] = [
    { pinned: true },
    { unread: 128, waitingForYou: true },
    { muted: true, unread: 3 },
    { state: "invited", preview: null },
    { unsent: 2 },
    { state: "invitation-expired", preview: null },
    { state: "blocked" },
    { state: "joining", preview: null },
    { pinned: true, muted: true },
    { preview: null },
  ];
  const archived = { archived: true };
  return rows.map((one, i) => ({ ...one, ...special[i], ...(i > 50 ? archived : {}) }));
}

/** A conversation in which everything happens that may. */
export function fullHistory(now: number): TimelineItem[] {
  const at = (hours: number): number => now - hours * HOUR;
  const own = (seq: number, hours: number, text: string) =>
    message(seq, at(hours), text, { state: "read", at: at(hours) + 60_000 });
  const notice = (seq: number, hours: number, what: Notice): TimelineItem => ({
    kind: "notice",
    id: `b${seq}`,
    seq,
    at: at(hours),
    notice: what,
  });
  const answered = message(34, at(20), "Only the evenings are hard. I get hungry again at ten.");
  const older = Array.from({ length: 24 }, (_, i) =>
    i % 3 === 0
      ? own(3 + i, 200 - i, SAID[i % 5] ?? "")
      : message(3 + i, at(200 - i), SAID[(i * 2) % 5] ?? ""),
  );
  return [
    notice(1, 900, { type: "created" }),
    notice(2, 899, { type: "joined", name: "Ana", own: false }),
    ...older,
    notice(27, 72, { type: "new-device", name: "Ana", own: false }),
    own(28, 50, "Good morning Ana, your plan for the first week is ready. ".repeat(4)),
    message(29, at(49), "Better than I thought.\n\n- oats in the morning\n- soup at noon"),
    notice(30, 48, { type: "missing" }),
    notice(31, 47, { type: "not-verified" }),
    {
      kind: "deleted",
      id: "d32",
      seq: 32,
      at: at(46),
      sender: { account: accountNamed("a"), name: "Ana", own: false },
      deletedAt: at(45),
    },
    answered,
    edited(own(35, 19, "Shall we move some protein from lunch to dinner?"), at(18)),
    message(37, at(3), SAID[4] ?? ""),
    message(38, at(2.9), "👍"),
    own(39, 2, "Yes"),
    message(40, at(1), "Lentils are fine for me in the evening. See https://example.com/plan"),
    unsent(own(41, 0.5, "Then let us try that for a week."), "deletion"),
    message(null, at(0.3), "This one waits for the network", { state: "queued" }),
    message(null, at(0.2), "This one was refused", { state: "failed", problem: "too_long" }),
  ];
}

/** With a change that the server does not have. */
function unsent(item: TimelineItem, what: "edit" | "deletion"): TimelineItem {
  if (item.kind !== "message") return item;
  const delivery = { state: "failed", problem: "offline" } as const;
  return { ...item, change: { id: messageNamed("x1"), what, delivery } };
}

/** With a reply, reactions and the mark of an edit on it. */
function edited(item: TimelineItem, editedAt: number): TimelineItem {
  if (item.kind !== "message") return item;
  return {
    ...item,
    editedAt,
    reply: { state: "here", seq: 34, sender: { name: "Ana", own: false }, text: SAID[1] ?? "" },
    reactions: [
      { emoji: "👍", names: ["Ana"], own: false },
      { emoji: "🥦", names: ["You", "Ana"], own: true },
    ],
  };
}
