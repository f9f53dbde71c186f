import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import { useEffect, useId } from "preact/hooks";
import type { ConversationId } from "../../app/ids.ts";
import { LightboxHost } from "../lightbox/lightbox-host.tsx";
import { stopPlaying } from "../sound/player.ts";
import { revealNext } from "../files/reveal-next.ts";
import { type ShownFile, ofGallery } from "../files/shown-file.ts";
import { Banner } from "../kit/banner.tsx";
import { Button } from "../kit/button.tsx";
import { Delayed } from "../kit/delayed.tsx";
import { Icon } from "../kit/icon.tsx";
import { problemText } from "../kit/problem.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { byMonth } from "./by-month.ts";
import { GalleryMonth } from "./gallery-month.tsx";
import { type Gallery, TABS, type Tab, useGallery } from "./use-gallery.ts";
import "../styles/files.css";
import "../styles/gallery.css";

/** The files of a conversation, newest first, by kind and month. */
export function GalleryScreen({ id }: { id: ConversationId }) {
  const { conversations, connection } = useModels();
  const { route } = useLocation();
  const tab = useSignal<Tab>("image");
  const names = useId();
  const gallery = useGallery(id, tab.value);
  const t = text().gallery;
  const heading = useScreen(t.screen);
  const title = conversations.list.value.find((row) => row.id === id)?.title ?? "";
  useEffect(() => stopPlaying, []);

  const show = ({ seq }: ShownFile): void => {
    if (seq === null) return;
    revealNext(id, seq);
    route(`/c/${id}`);
  };
  const turn = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = TABS[(TABS.indexOf(tab.peek()) + by + TABS.length) % TABS.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    tab.value = next;
    document.getElementById(`${names}-${next}`)?.focus();
  };
  return (
    <main class="gallery">
      <header class="bar conversation-bar">
        <a class="icon-button" href={`/c/${id}`} aria-label={t.back} title={t.back}>
          <Icon name="back" />
        </a>
        <div class="conversation-title">
          <h1 id="conversation" ref={heading} tabIndex={-1}>
            {t.screen}
          </h1>
          <p class="standing-line" dir="auto">
            {title}
          </p>
        </div>
      </header>
      <div class="gallery-tabs" role="tablist" aria-label={t.tabsLabel}>
        {TABS.map((name) => (
          <button
            key={name}
            id={`${names}-${name}`}
            type="button"
            role="tab"
            class="gallery-tab"
            aria-selected={tab.value === name}
            aria-controls={`${names}-panel`}
            tabIndex={tab.value === name ? 0 : -1}
            onKeyDown={turn}
            onClick={() => (tab.value = name)}
          >
            {t.tabs[name]}
          </button>
        ))}
      </div>
      <div
        class="gallery-files"
        id={`${names}-panel`}
        role="tabpanel"
        aria-labelledby={`${names}-${tab.value}`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so it takes the focus
        tabIndex={0}
      >
        {connection.value === "offline" && gallery.rows.length > 0 && (
          <Banner kind="notice" icon="offline">
            <p>{t.offline}</p>
          </Banner>
        )}
        {byMonth(gallery.rows).map(({ month, rows }) => (
          <GalleryMonth
            key={month}
            tab={tab.value}
            at={rows[0]?.at ?? 0}
            files={rows.map((row) => ofGallery(id, row))}
            onShow={show}
          />
        ))}
        <End gallery={gallery} tab={tab.value} />
      </div>
      <LightboxHost
        conversation={id}
        around={gallery.rows.map((row) => ofGallery(id, row))}
        onShow={show}
      />
    </main>
  );
}

/** What comes after the files, or stands in their place. */
function End({ gallery, tab }: { gallery: Gallery; tab: Tab }) {
  const t = text().gallery;
  const { state, rows, hasMore, isWhole } = gallery;
  if (typeof state === "object") {
    return (
      <Banner kind="danger" icon="alert" alert>
        <p>
          {t.failed} {problemText(state.failure)}
        </p>
        <Button onClick={gallery.more}>{text().common.tryAgain}</Button>
      </Banner>
    );
  }
  if (state === "loading") {
    return (
      <Delayed>
        <div class={`gallery-skeleton ${tab}`} role="status" aria-label={text().common.loading}>
          {[0, 1, 2, 3, 4, 5].map((n) => (
            <span key={n} class="skeleton" />
          ))}
        </div>
      </Delayed>
    );
  }
  return (
    <>
      {rows.length === 0 && (
        <div class="gallery-empty">
          <Icon name={EMPTY[tab]} size={32} />
          <h2>{t.empty[tab]}</h2>
          <p class="quiet">{t.emptyHelp}</p>
        </div>
      )}
      {hasMore && (
        <div class="gallery-more">
          <Button onClick={gallery.more}>{t.more}</Button>
        </div>
      )}
      {!hasMore && !isWhole && <p class="hint gallery-older">{t.older}</p>}
    </>
  );
}

const EMPTY = { image: "photo", document: "document", audio: "microphone" } as const;
