import { fromBase64url, toBase64url } from "../../../../workers/protocol/bytes.ts";
import { type BundleDelivery, bundleHash } from "../../../../workers/protocol/bundle.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import {
  decodeConversationUp,
  encodeConversationDown,
} from "../../../../workers/protocol/frames.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import type { Care } from "../../../core/conversation/care.test-kit.ts";
import { type Person, deliver } from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import type { ChangeContext } from "./changes.ts";

export interface Served {
  readonly bundles?: readonly BundleDelivery[];
  readonly claimed?: string | null;
  /** why the claim fails */
  readonly fails?: Error | null;
}

/** The device of the patient of this care before it joins, at a server that shows it this, and what it sends. */
export function invitedDevice(care: Care, served: Served, ...others: readonly Person[]) {
  const { owner, patient, invite, created } = care;
  const id = conversationIdText(created.checked.core.conversation);
  const { bundles = [deliver(created.upload, invite.id)], claimed = id, fails = null } = served;
  const { account, chain, prepared } = patient;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  const sent: Uint8Array[] = [];
  const people: readonly Person[] = [owner, patient, ...others];
  server.lies.claim = () => {
    if (fails) throw fails;
    return { conversation: claimed };
  };
  server.lies.bundles = () => ({
    items: bundles.map((bundle, i) => toBase64url(encodeCbor({ seq: i + 1, at: 1, bundle }))),
    more: false,
  });
  server.lies.frames = ({ body }) => {
    const { frames } = body as { frames: string[] };
    const answers = frames.map((text) => {
      const frame = decodeConversationUp(fromBase64url(text));
      if (frame.t !== "bundle") throw new TypeError(frame.t);
      sent.push(frame.bundle.core);
      const hash = bundleHash(frame.bundle.core);
      return toBase64url(encodeConversationDown({ t: "accepted", n: 1, hash, seq: 2, at: 1 }));
    });
    return { frames: answers };
  };
  const historyOf = (of: Uint8Array) =>
    people.find((one) => toBase64url(one.account) === toBase64url(of))?.history;
  const context = {
    deps: server.device(),
    me: { account, device: patient.device, signer: patient.signer },
    directory: {
      historyOf,
      load: (of: Uint8Array) => Promise.resolve(historyOf(of)),
      fetch: (of: Uint8Array) => Promise.resolve(historyOf(of)),
    },
    catchUp: { tails: () => Promise.resolve() },
    privateRecords: { put: () => Promise.resolve() },
    changed: () => undefined,
  } as unknown as ChangeContext;
  return { context, sent, id };
}
