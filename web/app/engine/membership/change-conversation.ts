import { type BundleUpload, bundleHash } from "../../../../workers/protocol/bundle.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { ERRORS, ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { ConversationId } from "../../../../workers/protocol/ids.ts";
import type { BuiltBundle } from "../../../core/conversation/build.ts";
import type { Conversation } from "../../../core/conversation/state.ts";
import type { Deps } from "../store/deps.ts";
import { type Answer, Waiting, exchange } from "../wire/wire.ts";
import { dropPrepared, keepPrepared, preparedFor } from "./prepared-bundle.ts";

const TRIES = 6;

async function sendBundle(deps: Deps, id: ConversationId, bundle: BundleUpload): Promise<Answer> {
  const waiting = new Waiting();
  const answer = waiting.wait(bundleHash(bundle.core));
  const frames = await exchange(deps.api, id, [{ t: "bundle", bundle, envelopes: [] }]);
  for (const frame of frames) waiting.take(frame);
  waiting.end();
  return answer;
}

/**
 * A2, C3: builds on the newest head and sends; a lost race is rebuilt on the winner. What was sent and not answered is
 * sent again, byte for byte, before anything else is built in its place, also after a restart. Resolves when it is
 * accepted. Throws ProtocolError for what the server refuses, CoreError for what cannot be built.
 */
export async function changeConversation(
  deps: Deps,
  id: ConversationId,
  newest: () => Promise<Conversation>,
  build: (state: Conversation) => Promise<BuiltBundle>,
): Promise<void> {
  let mine: Uint8Array | null = null;
  const isMine = (hash: Uint8Array): boolean => mine !== null && equalBytes(mine, hash);
  for (let tries = 0; tries < TRIES; tries++) {
    const state = await newest();
    const prepared = await preparedFor(deps, id, state);
    if (prepared?.kind === "settled" && prepared.isAccepted && isMine(prepared.hash)) return;
    let upload = prepared?.kind === "waiting" ? prepared.upload : null;
    if (!upload) {
      ({ upload } = await build(state));
      mine = bundleHash(upload.core);
      await keepPrepared(deps, id, upload);
    }
    const answer = await sendBundle(deps, id, upload);
    if (answer.type === "unanswered") continue;
    const remedy = answer.type === "refused" ? ERRORS[answer.error].remedy : null;
    // It may still be taken later, or was: these bytes and no others.
    if (remedy !== "retry" && remedy !== "sign-in") await dropPrepared(deps, id);
    if (!isMine(bundleHash(upload.core))) continue;
    if (answer.type === "taken") return;
    if (remedy !== "reseal") {
      throw new ProtocolError(answer.error, "bundle", answer.retryAfterMs);
    }
  }
  throw new ProtocolError("unavailable", "the conversation keeps changing");
}
