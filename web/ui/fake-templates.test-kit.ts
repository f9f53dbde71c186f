import type { Signal } from "@preact/signals";
import type { Outcome, TemplatesModel } from "../app/models.ts";
import type { TemplateView } from "../app/drafts-view.ts";
import { templateNamed } from "../app/ids.test-kit.ts";

type Call = (name: string, argument: unknown, value: null) => Promise<Outcome>;

/** Templates that change at once, unless the call is answered with a failure. */
export const fakeTemplates = (
  list: Signal<readonly TemplateView[]>,
  call: Call,
): TemplatesModel => ({
  list,
  async save({ id, name, text }) {
    const outcome = await call("saveTemplate", { id, name, text }, null);
    if (!outcome.ok) return outcome;
    const others = list.peek().filter((known) => known.id !== id);
    list.value = [...others, { id: id ?? templateNamed(`t-${name}`.slice(0, 16)), name, text }];
    return outcome;
  },
  async remove(id) {
    const outcome = await call("removeTemplate", id, null);
    if (outcome.ok) list.value = list.peek().filter((known) => known.id !== id);
    return outcome;
  },
});
