import * as z from "zod/mini";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { bytes16 } from "../../../workers/protocol/fields.ts";
import { TEMPLATE_LIMITS } from "./template-limits.ts";

/** A text that a practitioner writes often (K9). */
export const template = z.strictObject({
  id: bytes16,
  name: z.string().check(z.minLength(1), z.maxLength(TEMPLATE_LIMITS.name)),
  text: z.string().check(z.minLength(1), z.maxLength(TEMPLATE_LIMITS.text)),
});
export type Template = z.infer<typeof template>;

export const templatesRecord = z.strictObject({
  kind: z.literal("templates"),
  list: z.array(template).check(z.maxLength(TEMPLATE_LIMITS.count)),
});

/** One act of a person. It is applied to whatever list another device left, so that neither change is lost. */
export type TemplateChange =
  | { readonly type: "save"; readonly template: Template }
  | { readonly type: "remove"; readonly id: Uint8Array };

/** The list after the change: one that was removed elsewhere while it was edited here comes back at the end. */
export function withTemplateChange(
  list: readonly Template[],
  change: TemplateChange,
): readonly Template[] {
  switch (change.type) {
    case "save": {
      const { template: saved } = change;
      const at = list.findIndex(({ id }) => equalBytes(id, saved.id));
      return at < 0 ? [...list, saved] : list.with(at, saved);
    }
    case "remove":
      return list.filter(({ id }) => !equalBytes(id, change.id));
  }
}

/** Whether the list keeps to the limits of the record. */
export const fitsTemplates = (list: readonly Template[]): boolean =>
  list.length <= TEMPLATE_LIMITS.count &&
  list.every(
    ({ name, text }) => name.length <= TEMPLATE_LIMITS.name && text.length <= TEMPLATE_LIMITS.text,
  ) &&
  list.reduce((sum, { name, text }) => sum + name.length + text.length, 0) <= TEMPLATE_LIMITS.total;
