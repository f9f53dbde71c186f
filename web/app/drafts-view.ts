/** What the page sees of drafts and templates: plain data, like that of view.ts. */
import type { ConversationId, TemplateId } from "../../workers/protocol/ids.ts";
import { TEMPLATE_LIMITS } from "../core/private-state/template-limits.ts";

/** How many templates there may be, and how long each and all of them. */
export const TEMPLATES_LIMIT: {
  readonly count: number;
  readonly name: number;
  readonly text: number;
  readonly total: number;
} = TEMPLATE_LIMITS;

/** What stands in a composer; `at` names its version, and goes back with whatever is typed on from it. */
export interface KeptDraft {
  readonly text: string;
  readonly at: number;
}

/** What somebody typed in this tab; `seen` is the version that it was typed on from. */
export interface Typed {
  readonly text: string;
  readonly seen: number;
}

/** A message that is being written anew: `before` as it stood in the conversation, `text` as it stands in the box. */
export interface UnsavedEdit {
  readonly seq: number;
  readonly before: string;
  readonly text: string;
}

/**
 * Another device went on with a draft: what this one shows as `before` is `text` now. Where both are the same nothing
 * but the version is new: the account has what this device wrote.
 */
export interface DraftOffer extends KeptDraft {
  readonly conversation: ConversationId;
  readonly before: string;
}

/** A text that a practitioner writes often. */
export interface TemplateView {
  readonly id: TemplateId;
  readonly name: string;
  readonly text: string;
}
