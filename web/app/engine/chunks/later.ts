/**
 * The part of the engine that no screen waits for, in one chunk: each alone would cut what they share into more
 * pieces than all of it is worth.
 */
export { createReceiptExchange } from "../reading/receipt-exchange.ts";
export { settleDeletions } from "../send/settle-deletions.ts";
export { settleUnanswered } from "../send/unanswered.ts";
