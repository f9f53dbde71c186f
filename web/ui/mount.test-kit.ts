/** Renders into the page of a browser test, with the styles of the product. */
import { type ComponentChild, h, render } from "preact";
import { LocationProvider } from "preact-iso";
import type { Models } from "../app/models.ts";
import { App } from "./shell/app.tsx";
import { ModelsContext } from "./state/models-context.ts";
import { type Language, showLanguage } from "./text/language.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/kit.css";
import "./styles/shell.css";

let host: HTMLElement | null = null;

function newHost(): HTMLElement {
  unmount();
  host = document.createElement("div");
  document.body.append(host);
  return host;
}

/** Takes away what the last test rendered. */
export function unmount(): void {
  if (host === null) return;
  render(null, host);
  host.remove();
  host = null;
}

/** One component with models around it. */
export async function mount(
  models: Models,
  child: ComponentChild,
  language: Language = "en",
): Promise<void> {
  await showLanguage(language);
  const inside = h(LocationProvider, null, child);
  render(h(ModelsContext.Provider, { value: models }, inside), newHost());
}

/** The whole app at an address. */
export async function mountApp(models: Models, path: string): Promise<void> {
  history.replaceState(null, "", path);
  await showLanguage("en");
  render(h(App, { models }), newHost());
}

/**
 * Until two frames have been painted: effects and observers have run. An effect comes in a task of its own after its
 * frame (Preact), which a busy machine may give only after the next one.
 */
export async function settled(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => setTimeout(resolve));
  }
}
