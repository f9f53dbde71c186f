/** Ids for tests: valid, and the same for the same name. */
import { fromBase64url } from "../../workers/protocol/bytes.ts";
import {
  type AccountId,
  type ConversationId,
  type InviteId,
  type MessageId,
  type TemplateId,
  accountIdText,
  conversationIdText,
  inviteIdText,
  messageIdText,
  templateIdText,
} from "../../workers/protocol/ids.ts";

function named(name: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(name));
  return bytes;
}

export const conversationNamed = (name: string): ConversationId =>
  conversationIdText(named(name, 32));
export const accountNamed = (name: string): AccountId => accountIdText(named(name, 32));
export const inviteNamed = (name: string): InviteId => inviteIdText(named(name, 16));
export const messageNamed = (name: string): MessageId => messageIdText(named(name, 16));
export const templateNamed = (name: string): TemplateId => templateIdText(named(name, 16));

/** Two conversations. */
export const C1 = conversationNamed("c1");
export const C2 = conversationNamed("c2");

/** What an id of these was named. */
export const nameOf = (text: string): string =>
  new TextDecoder().decode(fromBase64url(text)).replace(/\0+$/u, "");
