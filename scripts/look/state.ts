/** What is looked at: a screen, how it comes about, and what a person did before. */
import type { Models } from "../../web/app/models.ts";
import type { LinkState, Me } from "../../web/app/view.ts";
import { type Fakes, fakeModels } from "../../web/ui/fake-models.test-kit.ts";

/** What a person does before the picture is taken. */
export type Act =
  | { readonly do: "see"; readonly at: string }
  | { readonly do: "menu"; readonly at: string }
  | { readonly do: "click"; readonly at: string }
  | { readonly do: "type"; readonly at: string; readonly text: string }
  | { readonly do: "key"; readonly key: string }
  | { readonly do: "top"; readonly at: string }
  /** chosen in the field of files that stands last there */
  | { readonly do: "choose"; readonly at: string; readonly files: () => Promise<readonly File[]> }
  /** held over it */
  | { readonly do: "drag"; readonly at: string };

export interface State {
  readonly path: string;
  readonly acts?: readonly Act[];
  readonly make: () => { readonly models: Models; readonly later?: () => void };
}

export const click = (at: string): Act => ({ do: "click", at });
export const type = (at: string, text: string): Act => ({ do: "type", at, text });

export type Setup = (fakes: Fakes) => (() => void) | void;

export const state = (
  path: string,
  me: Me | null,
  acts: readonly Act[] = [],
  setUp: Setup = () => undefined,
  link?: LinkState,
): State => ({
  path,
  acts,
  make() {
    const fakes = fakeModels({ me, ...(link ? { link } : {}) });
    const later = setUp(fakes);
    return { models: fakes.models, ...(later ? { later } : {}) };
  },
});

export const see = (at: string): Act => ({ do: "see", at });
