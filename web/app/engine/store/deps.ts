import type { Suite } from "../../../core/crypto/suite.ts";
import type { Api } from "../../../platform/http.ts";
import type { Store } from "./store.ts";

/** Effects that every part of the engine is given. */
export interface Deps {
  readonly api: Api;
  readonly store: Store;
  readonly suite: Suite;
  /** milliseconds since 1970; where the device runs ahead, by the server's clock */
  readonly now: () => number;
}
