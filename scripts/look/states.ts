/** Every screen and state that is looked at before it counts as done. */
import type { Outcome } from "../../web/app/models.ts";
import type { LinkState, PractitionerInvitation, StoreHealth } from "../../web/app/view.ts";
import {
  DAY,
  type Fakes,
  LINK,
  administrator,
  details,
  message,
  openLink,
  patient,
  practitioner,
  summary,
  timeline,
} from "../../web/ui/fake-models.test-kit.ts";
import { FILE_STATES } from "./file-states.ts";
import { type Act, type Setup, type State, click, see, state, type } from "./state.ts";
import { fullHistory, fullList } from "./people.ts";
import {
  C1,
  conversationNamed,
  inviteNamed,
  messageNamed,
  templateNamed,
} from "../../web/app/ids.test-kit.ts";

const refused = (fakes: Fakes, name: string, answer: Outcome<never>): void =>
  void fakes.answers.set(name, [answer]);

const JOIN = "/join#secret";
const NAMED: readonly Act[] = [
  type("input[type=text], input:not([type])", "Ana Morales"),
  click("input[type=checkbox]"),
  click("button[type=submit]"),
];
const CREATING: readonly Act[] = [...NAMED, see(".bottom > .button:nth-child(2)")];
const CREATED: readonly Act[] = [...CREATING, click(".bottom .primary")];
const CODE: readonly Act[] = [...CREATED, click(".bottom .primary"), see(".kit-code")];
const STORED: readonly Act[] = [
  ...CODE,
  click("input[type=checkbox]"),
  click("button[type=submit]"),
];
const closed = (how: "used" | "withdrawn" | "expired"): LinkState => ({
  kind: "patient",
  state: how,
  inviter: "Dr. Sofía Herrera",
  own: null,
});

const listOf: Setup = (fakes) => {
  fakes.list.value = fullList(Date.now());
};

const conversation =
  (change: Parameters<typeof details>[0] = {}, items = fullHistory(Date.now())): Setup =>
  (fakes) => {
    listOf(fakes);
    const { state: standing = "active" } = change;
    fakes.list.value = fakes.list.value.map((one) =>
      one.id === C1 ? { ...one, state: standing } : one,
    );
    fakes.details.value = details(change);
    fakes.timeline.value = timeline(items, { newFrom: items.length > 5 ? 37 : null });
  };

/** Something that the device stored cannot be read (E1). */
const onDevice =
  (health: StoreHealth): Setup =>
  (fakes) => {
    conversation()(fakes);
    fakes.store.value = health;
  };

const openInvitation = { invitation: { link: LINK, expiresAt: Date.now() + 9 * DAY }, peer: null };

const invitations: readonly PractitionerInvitation[] = (
  ["open", "used", "withdrawn", "expired"] as const
).map((how, i) => ({
  invite: inviteNamed(how),
  label:
    ["Dr. Sofía Herrera", "Dr. Ruiz", "Katharina von Hohenfels-Langenburg", "Dr. Vidal"][i] ?? "",
  state: how,
  createdAt: Date.now() - i * 5 * DAY,
  expiresAt: Date.now() + 9 * DAY,
  link: how === "open" ? LINK : null,
}));

const templates = [
  {
    id: templateNamed("t1"),
    name: "Welcome",
    text: "Dear {name}, welcome. Please write down for three days what you eat.\n{me}",
  },
  {
    id: templateNamed("t2"),
    name: "After the appointment",
    text: "Your plan of {date} is attached to your record.",
  },
];

const C = `/c/${C1}`;
/** What listens to the messages comes after them. */
const LISTENS = ".log-frame > output + output";
/** Of the last own message that can still be changed. */
const MORE: readonly Act[] = [
  see(LISTENS),
  click(`[data-id="${messageNamed("m39")}"] [data-more]`),
];
const item = (place: number): Act => click(`[role=menuitem]:nth-child(${place})`);
const EMOJI = ".composer-box .icon-button[aria-haspopup=dialog]";
const MENU: Act = { do: "menu", at: ".row-frame" };
const HEADER_MENU = ".conversation-bar .icon-button[aria-expanded]";

export const STATES: Readonly<Record<string, State>> = {
  ...FILE_STATES,
  "sign-in": state("/sign-in", null),
  "sign-in-code": state("/sign-in", null, [click(".bottom .button:not(.primary)")]),
  "sign-in-code-wrong": state(
    "/sign-in",
    null,
    [
      click(".bottom .button:not(.primary)"),
      type(".code-input", "K7QF 2MXD"),
      click("[type=submit]"),
    ],
    (fakes) => refused(fakes, "withCode", { ok: false, problem: "bad_recovery_code" }),
  ),
  setup: state("/setup#token", null, [], undefined, openLink("setup")),
  "join-name": state(JOIN, null),
  "join-name-missing": state(JOIN, null, [click("button[type=submit]")]),
  "join-practitioner": state(JOIN, null, [], undefined, openLink("practitioner")),
  "join-notice": state(JOIN, null, [click(".text-button")]),
  "join-kit": state(JOIN, null, CODE),
  "join-passkey": state(JOIN, null, CREATING),
  "join-passkey-confirm": state(JOIN, null, CREATED),
  "join-failed": state(JOIN, null, STORED, (fakes) =>
    refused(fakes, "finish", { ok: false, problem: "offline" }),
  ),
  "join-altered": state(JOIN, null, STORED, (fakes) =>
    refused(fakes, "finish", { ok: false, problem: "link_altered" }),
  ),
  "join-signed-in": state(JOIN, patient, [], undefined, openLink("patient", patient)),
  "join-used": state(JOIN, null, [], undefined, closed("used")),
  "join-withdrawn": state(JOIN, null, [], undefined, closed("withdrawn")),
  "join-expired": state(JOIN, null, [], undefined, closed("expired")),
  "join-no-link": state("/join", null),
  "list-empty-practitioner": state("/", practitioner),
  "list-empty-patient": state("/", patient),
  "list-loading": state("/", practitioner, [], (fakes) => void (fakes.loaded.value = false)),
  "list-full": state("/", practitioner, [], listOf),
  // A patient's only conversation opens by itself.
  "list-patient": state("/", patient, [], (fakes) => {
    fakes.list.value = [
      summary("c1", "Dr. Sofía Herrera", { unread: 2 }),
      summary("c2", "Dr. Ruiz", { draft: "I wanted to ask" }),
    ];
  }),
  "list-found": state("/", practitioner, [type("[type=search]", "ma")], listOf),
  "list-nothing-found": state("/", practitioner, [type("[type=search]", "xyz")], listOf),
  "list-waiting": state("/", practitioner, [click(".chip:nth-child(2)")], listOf),
  "list-archived": state("/", practitioner, [click(".chip:nth-child(4)")], listOf),
  "list-selected": state(
    "/",
    practitioner,
    [click(".find-row > .icon-button"), click("#row-c2"), click("#row-c3")],
    listOf,
  ),
  "list-menu": state("/", practitioner, [MENU], listOf),
  "list-mute": state("/", practitioner, [MENU, click("[role=menuitem]:nth-child(2)")], listOf),
  "list-undo": state("/", practitioner, [MENU, click("[role=menuitem]:last-child")], listOf),
  "list-help": state("/", practitioner, [click(".chip"), { do: "key", key: "?" }], listOf),
  "invite-patient": state("/", practitioner, [click(".bar .primary")], listOf),
  "invite-patient-link": state(
    "/",
    practitioner,
    [click(".bar .primary"), type("dialog .input", "Ana M."), click("dialog [type=submit]")],
    listOf,
  ),
  "conversation-empty": state(C, practitioner, [], conversation({}, [])),
  "conversation-loading": state(C, practitioner, [], (fakes) => {
    listOf(fakes);
    fakes.details.value = details();
  }),
  "conversation-full": state(C, practitioner, [], conversation()),
  "conversation-top": state(
    C,
    practitioner,
    [see(LISTENS), { do: "top", at: "[role=log]" }],
    conversation(),
  ),
  "conversation-patient": state(C, patient, [], (fakes) => {
    conversation({ title: "Dr. Sofía Herrera", verified: "by-their-invitation" })(fakes);
    fakes.list.value = [summary("c1", "Dr. Sofía Herrera")];
  }),
  "conversation-offline": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    fakes.connection.value = "offline";
  }),
  "conversation-connecting": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    fakes.connection.value = "connecting";
  }),
  "conversation-elsewhere": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    fakes.connection.value = "elsewhere";
  }),
  "device-mending": state(C, practitioner, [], onDevice("mending")),
  "device-mended": state(C, practitioner, [], onDevice("mended")),
  "device-lost": state("/", practitioner, [], onDevice("lost")),
  "device-clock": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    fakes.clockAhead.value = true;
  }),
  "device-made-room": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    fakes.madeRoom.value = true;
  }),
  "conversation-blocked": state(C, practitioner, [], conversation({ state: "blocked" })),
  "conversation-wanting": state(
    C,
    practitioner,
    [],
    conversation({ wanting: { what: "bundle", since: Date.now() - DAY / 8 } }),
  ),
  "conversation-wanting-share": state(
    C,
    practitioner,
    [],
    conversation({ wanting: { what: "share", since: Date.now() - 1.25 * DAY } }, []),
  ),
  "conversation-details-failures": state(
    C,
    practitioner,
    [click(".details-button")],
    conversation({
      failures: (["bundle", "manifest", "share", "message", "log"] as const).map((what, i) => ({
        what,
        at: Date.now() - (8 - i) * DAY,
      })),
    }),
  ),
  "conversation-invited": state(
    C,
    practitioner,
    [],
    conversation({ state: "invited", verified: "waiting", ...openInvitation }, [
      message(3, Date.now(), "Welcome", { state: "sent" }),
    ]),
  ),
  "conversation-invitation-expired": state(
    C,
    practitioner,
    [],
    conversation({ state: "invitation-expired", verified: "waiting", peer: null }, []),
  ),
  "conversation-joining": state(
    C,
    patient,
    [],
    conversation({ state: "joining", verified: "waiting", peer: null }, []),
  ),
  "conversation-missing": state(`/c/${conversationNamed("gone")}`, practitioner, [], listOf),
  "conversation-menu": state(C, practitioner, [click(HEADER_MENU)], conversation()),
  "conversation-details": state(C, practitioner, [click(".details-button")], conversation()),
  "conversation-typing": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    return () => void (fakes.activity.value = { typing: ["Ana"], online: true, lastSeen: null });
  }),
  "conversation-last-seen": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    const lastSeen = Date.now() - DAY;
    return () => void (fakes.activity.value = { typing: [], online: false, lastSeen });
  }),
  "conversation-date": state(C, practitioner, [click(".day-button")], conversation()),
  "message-menu": state(C, practitioner, [...MORE], conversation()),
  "message-react": state(C, practitioner, [...MORE, item(2)], conversation()),
  "message-emoji": state(
    C,
    practitioner,
    [...MORE, item(2), click("[role=toolbar] button:last-child")],
    conversation(),
  ),
  "message-delete": state(
    C,
    practitioner,
    [...MORE, click("[role=menuitem].danger")],
    conversation(),
  ),
  "composer-reply": state(C, practitioner, [...MORE, item(1)], conversation()),
  "composer-edit": state(C, practitioner, [...MORE, item(3)], conversation()),
  "composer-gone": state(
    C,
    practitioner,
    [...MORE, item(1), type("textarea", "Then let us wait"), click(".send")],
    (fakes) => {
      conversation()(fakes);
      refused(fakes, "send", { ok: false, problem: "not_found" });
    },
  ),
  "composer-emoji": state(C, practitioner, [click(EMOJI)], conversation()),
  "composer-templates": state(
    C,
    practitioner,
    [click(".composer-box .icon-button[aria-haspopup=listbox]")],
    (fakes) => {
      conversation()(fakes);
      fakes.templates.value = templates;
    },
  ),
  "composer-long": state(
    C,
    practitioner,
    [type("textarea", "A line of a long message.\n".repeat(12))],
    conversation(),
  ),
  "composer-over": state(C, practitioner, [type("textarea", "x".repeat(8_004))], conversation()),
  "update-banner": state(C, practitioner, [], (fakes) => {
    conversation()(fakes);
    fakes.newer.value = true;
  }),
  settings: state(
    "/settings",
    practitioner,
    [],
    (fakes) => void (fakes.templates.value = templates),
  ),
  "settings-patient": state("/settings", patient),
  "settings-unsent": state("/settings", practitioner, [click(".settings .danger")], (fakes) =>
    refused(fakes, "signOut", { ok: false, problem: "unsent_messages" }),
  ),
  "practitioners-empty": state("/", administrator),
  practitioners: state(
    "/",
    administrator,
    [],
    (fakes) => void (fakes.invitations.value = invitations),
  ),
  "invite-practitioner": state("/", administrator, [click("button.primary")]),
  privacy: state("/privacy", null),
  "not-found": state("/nowhere", null),
};
