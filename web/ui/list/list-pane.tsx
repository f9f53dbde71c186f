import type { ConversationId } from "../../app/ids.ts";
import { type Signal, useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import { useRef } from "preact/hooks";
import type { ConversationSummary } from "../../app/view.ts";
import { Brand } from "../kit/brand.tsx";
import { Button, IconButton } from "../kit/button.tsx";
import { Delayed } from "../kit/delayed.tsx";
import { Icon } from "../kit/icon.tsx";
import { lazyPart } from "../kit/lazy-part.tsx";
import type { FloatingPlace } from "../kit/floating.ts";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { arrange, countsOf } from "./arrange.ts";
import { ConversationList, type ListHandle } from "./conversation-list.tsx";
import { DoneBar } from "./done-bar.tsx";
import { FindBar } from "./find-bar.tsx";
import { lastDone } from "./list-actions.ts";
import { chip, query } from "./list-state.ts";
import { ConversationMenu } from "./menu-button.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import "../styles/list.css";
import "../styles/find.css";

const NothingHere = lazyPart(async () => (await import("./nothing-here.tsx")).NothingHere);
const PickBar = lazyPart(async () => (await import("./pick-bar.tsx")).PickBar);

const InvitePatientDialog = lazyPart(
  async () => (await import("./invite-patient-dialog.tsx")).InvitePatientDialog,
);
const ShortcutsDialog = lazyPart(
  async () => (await import("./shortcuts-dialog.tsx")).ShortcutsDialog,
);

/** With fewer conversations than this a patient finds each at a glance. */
const FEW = 6;

interface OpenMenu {
  readonly id: ConversationId;
  readonly at: FloatingPlace;
}

export function ListPane({ selected }: { selected: ConversationId | null }) {
  const { app, conversations } = useModels();
  const { route } = useLocation();
  const inviting = useSignal(false);
  const helping = useSignal(false);
  const picked = useSignal<ReadonlySet<ConversationId> | null>(null);
  const menu = useSignal<OpenMenu | null>(null);
  const list = useRef<ListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const state = app.value;
  const invites = state.phase === "ready" && state.me.role === "practitioner";
  const rows = conversations.list.value;
  const empty = conversations.loaded.value && rows.length === 0;
  const finds = rows.length >= (invites ? 1 : FEW) || rows.some((row) => row.archived);
  const shown = finds ? arrange(rows, chip.value, query.value) : arrange(rows, "all", "");
  const inMenu = rows.find((row) => row.id === menu.value?.id);
  const t = text();
  const invite = (): void => {
    inviting.value = true;
  };
  const missing = (opened: Signal<boolean>): void => {
    opened.value = false;
    lastDone.value = { kind: "failed", failure: { ok: false, problem: "offline" } };
  };
  const stopPicking = (): void => {
    picked.value = null;
    list.current?.focus();
  };

  useShortcuts({
    move: (by) => list.current?.move(by),
    find: () => field.current?.focus(),
    help: () => (helping.value = true),
    back() {
      if (picked.peek() !== null) stopPicking();
      else if (selected !== null && matchMedia("(max-width: 699px)").matches) route("/");
      else list.current?.focus();
    },
  });

  return (
    <div class="list-pane" role={selected === null ? "main" : "complementary"}>
      <div class="bar">
        {selected === null && <ListTitle />}
        <Brand />
        <a
          class="icon-button push"
          href="/settings"
          aria-label={t.common.settings}
          title={t.common.settings}
        >
          <Icon name="settings" />
        </a>
        {invites && !empty && (
          <IconButton icon="plus" label={t.invite.patient} primary onClick={invite} />
        )}
      </div>
      {picked.value !== null && <PickBar picked={picked.value} onDone={stopPicking} />}
      {finds && picked.value === null && (
        <FindBar
          counts={countsOf(rows)}
          found={shown.length}
          field={field}
          onLeave={() => list.current?.focus()}
          onSelect={() => (picked.value = new Set())}
        />
      )}
      <nav class="list-scroll" aria-label={t.list.name}>
        {!conversations.loaded.value && (
          <Delayed>
            <Skeleton finds={invites} />
          </Delayed>
        )}
        {shown.length > 0 && (
          <ConversationList
            rows={shown}
            selected={selected}
            picked={picked.value}
            onPick={(id) => (picked.value = toggled(picked.value, id))}
            onMenu={({ id }: ConversationSummary, at) => (menu.value = { id, at })}
            handle={list}
          />
        )}
        {rows.length > 0 && shown.length === 0 && <NothingHere rows={rows} />}
        {empty && (
          <div class="list-empty">
            <Icon name="thyme" size={32} />
            <h2>{invites ? t.list.emptyPractitionerTitle : t.list.emptyPatientTitle}</h2>
            <p class="quiet">{invites ? t.list.emptyPractitioner : t.list.emptyPatient}</p>
            {invites && (
              <Button kind="primary" icon="plus" onClick={invite}>
                {t.invite.patient}
              </Button>
            )}
          </div>
        )}
      </nav>
      <DoneBar />
      {menu.value && inMenu && (
        <ConversationMenu
          label={t.menu.row(inMenu.title)}
          row={inMenu}
          at={menu.value.at}
          onClose={() => (menu.value = null)}
          onMissing={() => (menu.value = null)}
        />
      )}
      {inviting.value && (
        <InvitePatientDialog
          onClose={() => (inviting.value = false)}
          onMissing={() => missing(inviting)}
        />
      )}
      {helping.value && (
        <ShortcutsDialog
          onClose={() => (helping.value = false)}
          onMissing={() => missing(helping)}
        />
      )}
    </div>
  );
}

function toggled(
  picked: ReadonlySet<ConversationId> | null,
  id: ConversationId,
): ReadonlySet<ConversationId> {
  const next = new Set(picked);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** The heading of the screen while the list is the screen. */
function ListTitle() {
  const t = text().list;
  const heading = useScreen(t.screen);
  return (
    <h1 class="hidden-text" ref={heading} tabIndex={-1}>
      {t.screen}
    </h1>
  );
}

function Skeleton({ finds }: { finds: boolean }) {
  return (
    <div class={finds ? "list-skeleton finds" : "list-skeleton"} aria-hidden="true">
      {[70, 55, 62, 48].map((width) => (
        <div key={width} class="row">
          <span class="avatar" />
          <span class="skeleton" style={{ inlineSize: `${width}%`, blockSize: "14px" }} />
          <span class="skeleton" style={{ inlineSize: `${width + 20}%`, blockSize: "12px" }} />
        </div>
      ))}
    </div>
  );
}
