import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Timeline } from "../../app/view.ts";
import { Delayed } from "../kit/delayed.tsx";
import { useModels } from "../shell/models-context.ts";
import { text } from "../text/language.ts";

/** Asked for before the reader gets there. */
const AHEAD = "800px 0px 0px 0px";

interface Props {
  readonly state: Timeline["older"];
  readonly log: RefObject<HTMLElement>;
  /** the oldest message loaded: when it changes, there may be room for more */
  readonly first: string | null;
}

/** The upper end of the log. It keeps its height in every state but the last, so that nothing jumps. */
export function OlderMessages({ state, log, first }: Props) {
  const { conversation } = useModels();
  const mark = useRef<HTMLDivElement>(null);
  const t = text();

  useEffect(() => {
    if (state !== "available" || !mark.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) conversation.loadOlder();
      },
      { root: log.current, rootMargin: AHEAD },
    );
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [state, first]);

  if (state === "none") return null;
  return (
    <div class="older" ref={mark}>
      {state === "loading" && (
        <Delayed>
          <output class="quiet">{t.conversation.older}</output>
        </Delayed>
      )}
      {state === "unreachable" && (
        <p class="quiet">
          {t.conversation.olderUnreachable}{" "}
          <button type="button" class="inline-button" onClick={() => conversation.loadOlder()}>
            {t.common.tryAgain}
          </button>
        </p>
      )}
    </div>
  );
}
