/** Runs in Chromium: one state of one screen, with models that hold still. */
import { h, render } from "preact";
import { App } from "../../web/ui/shell/app.tsx";
import { takeLink } from "../../web/ui/state/taken-link.ts";
import { LANGUAGES, showLanguage } from "../../web/ui/text/language.ts";
import "../../web/ui/styles/tokens.css";
import "../../web/ui/styles/base.css";
import "../../web/ui/styles/kit.css";
import "../../web/ui/styles/shell.css";
import { STATES } from "./states.ts";
import type { Act } from "./state.ts";

const FOUND_MS = 4_000;

/** The element, as soon as it is there and can be used. */
async function found(selector: string): Promise<HTMLElement> {
  const end = performance.now() + FOUND_MS;
  while (performance.now() < end) {
    const element = document.querySelector(selector);
    if (element instanceof HTMLElement && !element.matches(":disabled")) return element;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  throw new RangeError(`nothing to act on at ${selector}`);
}

/** As long as a quick person waits: what the last act changed is on screen and listens. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));

async function perform(act: Act): Promise<void> {
  await pause();
  switch (act.do) {
    case "see":
      await found(act.at);
      return;
    case "menu": {
      const row = await found(act.at);
      const { left, top, width, height } = row.getBoundingClientRect();
      const at = { clientX: left + width / 2, clientY: top + height / 2 };
      row.dispatchEvent(new MouseEvent("contextmenu", { ...at, bubbles: true, cancelable: true }));
      return;
    }
    case "click":
      return (await found(act.at)).click();
    case "type": {
      const field = await found(act.at);
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
      field.value = act.text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      return;
    }
    case "key":
      document.dispatchEvent(new KeyboardEvent("keydown", { key: act.key, bubbles: true }));
      return;
    case "choose": {
      const field = await found(act.at);
      if (!(field instanceof HTMLInputElement)) return;
      const chosen = new DataTransfer();
      for (const file of await act.files()) chosen.items.add(file);
      field.files = chosen.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    case "drag": {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([], "plan.pdf"));
      (await found(act.at)).dispatchEvent(
        new DragEvent("dragenter", { dataTransfer, bubbles: true }),
      );
      return;
    }
    case "top":
      (await found(act.at)).scrollTop = 0;
  }
}

async function start(): Promise<void> {
  const asked = new URLSearchParams(location.search);
  const state = STATES[asked.get("state") ?? ""];
  const language = LANGUAGES.find((code) => code === asked.get("language"));
  const root = document.getElementById("root");
  if (!state || !language || !root) throw new RangeError("no such state");
  history.replaceState(null, "", state.path);
  takeLink();
  await showLanguage(language);
  const { models, later } = state.make();
  render(h(App, { models }), root);
  for (const act of state.acts ?? []) await perform(act);
  later?.();
  document.documentElement.dataset["shown"] = "yes";
}

start().catch((error: unknown) => {
  document.documentElement.dataset["shown"] = String(error);
});
