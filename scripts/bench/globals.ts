import type * as bareList from "./pages/bare-list.ts";
import type * as crypto from "./pages/crypto.ts";
import type * as filler from "./pages/fill.ts";

declare global {
  /** What a bundled page sets; each page is bundled and loaded alone. */
  var bench: typeof bareList & typeof crypto & typeof filler;
}
