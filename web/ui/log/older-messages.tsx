import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { Timeline } from "../../app/timeline.ts";
import { Delayed } from "../kit/delayed.tsx";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { useNear } from "./use-near.ts";

/** Height of the upper end, as in history.css: the same in every state, so that nothing jumps. */
export const UPPER_END_PX = 72;

interface Props {
  readonly state: Timeline["older"];
  readonly log: RefObject<HTMLElement>;
  /** the oldest message loaded: when it changes, there may be room for more */
  readonly first: string | null;
  /** the first block is the notice that the conversation begins here */
  readonly saysBeginning: boolean;
}

/** The upper end of the log. */
export function OlderMessages({ state, log, first, saysBeginning }: Props) {
  const { conversation } = useModels();
  const mark = useRef<HTMLDivElement>(null);
  const t = text();
  useNear(mark, log, state === "available", first, () => conversation.loadOlder());
  return (
    <div class="older" ref={mark}>
      {state === "loading" && (
        <Delayed>
          <output class="hidden-text">{t.conversation.older}</output>
          <span class="skeleton" aria-hidden="true" />
          <span class="skeleton own" aria-hidden="true" />
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
      {state === "none" && first !== null && !saysBeginning && (
        <p class="quiet">{t.notices.created}</p>
      )}
    </div>
  );
}

/** The lower end of a stretch that does not reach the newest message. */
export function NewerMessages({ log, last }: { log: RefObject<HTMLElement>; last: string | null }) {
  const { conversation } = useModels();
  const mark = useRef<HTMLDivElement>(null);
  useNear(mark, log, true, last, () => conversation.loadNewer());
  return <div class="newer" ref={mark} />;
}
