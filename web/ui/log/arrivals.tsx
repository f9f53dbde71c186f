import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Timeline } from "../../app/timeline.ts";
import { mentioned, saidWith } from "../files/file-words.ts";
import { text } from "../text/language.ts";

const LENGTH = 200;
const FORGET_MS = 10_000;

/**
 * Says to a screen reader what arrives while the conversation is open. The log itself is silent: it would repeat
 * everything that is loaded or changes its state.
 */
export function Arrivals({ timeline }: { timeline: Timeline }) {
  const spoken = useSignal("");
  const heard = useRef<number | null>(null);

  useEffect(() => {
    const known = heard.current;
    let highest = known ?? 0;
    const arrived: string[] = [];
    for (const item of timeline.items) {
      if (item.seq === null || item.seq <= (known ?? 0)) continue;
      highest = Math.max(highest, item.seq);
      if (item.kind !== "message" || item.sender.own) continue;
      const said = saidWith(item.text, item.file && mentioned(item.file));
      arrived.push(text().conversation.arrived(item.sender.name, said.slice(0, LENGTH)));
    }
    // Before the history has caught up everything is new to this page, but none of it has just happened.
    if (timeline.caughtUp || known !== null) heard.current = highest;
    if (known !== null && arrived.length > 0) spoken.value = arrived.slice(-3).join(" ");
  }, [timeline]);

  useEffect(() => {
    if (spoken.value === "") return undefined;
    const timer = setTimeout(() => (spoken.value = ""), FORGET_MS);
    return () => clearTimeout(timer);
  }, [spoken.value]);

  return <output class="hidden-text">{spoken}</output>;
}
