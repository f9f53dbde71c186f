/** The keys that have no letter. */
export type Key =
  | "Enter"
  | "Escape"
  | "Tab"
  | "Backspace"
  | "ArrowUp"
  | "ArrowDown"
  | "Home"
  | "End"
  | "PageUp";

/** What an engine's own protocol has to do for one page: as little as possible, so that all behave alike. */
export interface Wire {
  /** Resolves when the page has loaded. */
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** The value of an expression in the page, which JSON must hold; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  /** Moves the pointer there, as from CSS pixels of the window's upper left corner. */
  moveTo(x: number, y: number): Promise<void>;
  click(x: number, y: number): Promise<void>;
  /** Real key events, one after the other, to what has the focus. */
  type(text: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** A PNG of what is in sight. */
  screenshot(): Promise<Uint8Array>;
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

/** A browser that is running; every page that it opens is a person's with a profile of their own. */
export interface Engine {
  readonly name: EngineName;
  newPage(): Promise<Wire>;
  close(): Promise<void>;
}

export const ENGINES = ["chromium", "firefox", "webkit"] as const;
export type EngineName = (typeof ENGINES)[number];

/** What an engine opens its pages with, and what WebKit's window cannot be narrower than. */
export const SIZE = { width: 1280, height: 800 };
