import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import type { Outcome } from "../../app/models.ts";
import type { ConversationSummary } from "../../app/view.ts";
import type { Timeline } from "../../app/timeline.ts";
import { now as clock } from "../kit/clock.ts";
import type { FloatingPlace } from "../kit/floating.ts";
import { lazyPart } from "../kit/lazy-part.tsx";
import { Menu } from "../kit/menu.tsx";
import { problemText } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { replyTo, startEdit } from "../composer/composer-target.ts";
import type { MessageItem } from "../message/blocks.ts";
import { isEditable } from "../composer/changeable.ts";
import { openFile } from "../files/opened.ts";
import { saveFile } from "../files/save-file.ts";
import { shownFile } from "../files/shown-file.ts";
import { matches } from "../list/arrange.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { listenTo } from "./message-events.ts";
import { messageMenu } from "./message-menu.ts";

const ForwardDialog = lazyPart(
  async () => (await import("../files/forward-dialog.tsx")).ForwardDialog,
);
const ReactPanel = lazyPart(async () => (await import("../emoji/react-panel.tsx")).ReactPanel);

const SAID_MS = 4_000;

/** What is open beside a message. */
type Open =
  | { readonly what: "menu" | "react"; readonly key: string; readonly at: FloatingPlace }
  | { readonly what: "delete" | "forward"; readonly key: string };

interface Props {
  readonly log: RefObject<HTMLElement>;
  readonly timeline: Timeline;
}

/** Everything a person does with a message of this log, for all of them at once. */
export function MessageActions({ log, timeline }: Props) {
  const { conversation: model, conversations, files } = useModels();
  const open = useSignal<Open | null>(null);
  const said = useSignal("");
  const shown = useRef(timeline);
  shown.current = timeline;
  const events = useRef<ReturnType<typeof listenTo> | null>(null);
  const t = text();
  const { conversation } = timeline;

  const itemOf = (key: string): MessageItem | null => {
    const item = shown.current.items.find((known) => known.id === key);
    return item?.kind === "message" ? item : null;
  };
  const settle = async (work: Promise<Outcome>): Promise<void> => {
    const outcome = await work.catch((): Outcome => ({ ok: false, problem: "internal" }));
    if (!outcome.ok) said.value = problemText(outcome);
  };
  const react = (key: string, emoji: string): void => {
    const item = itemOf(key);
    if (item === null || item.seq === null) return;
    const isOwn = item.reactions.some((known) => known.own && known.emoji === emoji);
    void settle(model.react(item.seq, isOwn ? null : emoji));
  };
  const edit = (key: string): void => {
    const item = itemOf(key);
    if (item !== null && isEditable(item, clock.peek())) startEdit(conversation, item);
  };
  const reply = (key: string): void => {
    const item = itemOf(key);
    if (item !== null) replyTo(conversation, item);
  };
  const copy = async (item: MessageItem): Promise<void> => {
    try {
      await navigator.clipboard.writeText(item.text);
      said.value = text().actions.copied;
    } catch {
      said.value = text().actions.copyRefused;
    }
  };
  const save = async (item: MessageItem): Promise<void> => {
    const shown = shownFile(conversation, item);
    if (shown === null) return;
    const outcome = await openFile(files, shown);
    if (outcome.ok) saveFile(outcome.value, shown.file.name);
    said.value = outcome.ok ? text().files.saved : problemText(outcome);
  };
  const forward = async (item: MessageItem, to: ConversationId, name: string): Promise<void> => {
    if (item.seq === null) return;
    const outcome = await files
      .forward({ conversation, message: item.seq }, to, "")
      .catch((): Outcome<never> => ({ ok: false, problem: "internal" }));
    said.value = outcome.ok ? text().files.forwarded(name) : problemText(outcome);
  };
  /** Who else it may go to; nobody writes where sending has stopped. */
  const others = (): readonly ConversationSummary[] =>
    conversations.list.value.filter(({ id, state }) => id !== conversation && state !== "blocked");
  const quote = (seq: number): void => void settle(model.showAt(seq));

  const requests = useRef({ reply, edit, react, quote });
  requests.current = { reply, edit, react, quote };
  useEffect(() => {
    if (!log.current) return undefined;
    const listening = listenTo(log.current, {
      menu: (key, at) => (open.value = { what: "menu", key, at }),
      reply: (key) => requests.current.reply(key),
      edit: (key) => requests.current.edit(key),
      react: (key, emoji) => requests.current.react(key, emoji),
      quote: (seq) => requests.current.quote(seq),
    });
    events.current = listening;
    return listening.stop;
  }, []);
  useLayoutEffect(() => events.current?.renew(), [timeline]);

  useEffect(() => {
    if (said.value === "") return undefined;
    const timer = setTimeout(() => (said.value = ""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said.value]);

  const close = (): void => {
    open.value = null;
  };
  const now = open.value;
  // Deleted by its author while its menu is open: there is nothing left to do with it.
  const item = now === null ? null : itemOf(now.key);
  return (
    <>
      {now?.what === "menu" && item !== null && (
        <Menu
          label={t.actions.name}
          at={now.at}
          onClose={close}
          items={messageMenu(item, clock.peek(), {
            reply: () => reply(now.key),
            react: () => (open.value = { ...now, what: "react" }),
            edit: () => edit(now.key),
            copy: () => void copy(item),
            save: () => void save(item),
            forward:
              others().length > 0 ? () => (open.value = { what: "forward", key: now.key }) : null,
            remove: () => (open.value = { what: "delete", key: now.key }),
          })}
        />
      )}
      {now?.what === "react" && item !== null && (
        <ReactPanel
          at={now.at}
          own={item.reactions.find((known) => known.own)?.emoji ?? null}
          onClose={close}
          onChoose={(emoji) => {
            close();
            react(now.key, emoji);
          }}
          onMissing={() => {
            close();
            said.value = t.emoji.missing;
          }}
        />
      )}
      {now?.what === "delete" && item !== null && (
        <DeleteDialog
          hasFile={item.file !== undefined}
          onClose={close}
          onDelete={() => item.seq !== null && void settle(model.deleteForEveryone(item.seq))}
        />
      )}
      {now?.what === "forward" && item !== null && (
        <ForwardDialog
          rows={others()}
          matches={matches}
          onClose={close}
          onChoose={(to, name) => void forward(item, to, name)}
          onMissing={() => {
            close();
            said.value = t.common.partFailedHelp;
          }}
        />
      )}
      <output class={said.value === "" ? "hidden-text" : "said"}>{said}</output>
    </>
  );
}
