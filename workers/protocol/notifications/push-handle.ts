import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, toBase64url } from "../bytes.ts";
import { label } from "../labels.ts";

/**
 * N1: how a push names a conversation to the account's devices, 16 bytes as base64url. Both ids are hashes that no push
 * service ever sees; who knows them finds the conversation by trying its own.
 */
export const pushHandle = (account: Uint8Array, conversation: Uint8Array): string =>
  toBase64url(sha256(concatBytes(label("push-handle"), account, conversation)).subarray(0, 16));
