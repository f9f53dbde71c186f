import type { en } from "./en.ts";

/** Every string of the interface. English is the model; another language lacks nothing, by type. */
export type Catalogue = typeof en;
