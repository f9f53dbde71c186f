import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import {
  type Receipt,
  type ReceiptHeader,
  receiptHash,
} from "../../../workers/protocol/receipt.ts";
import { PROTOCOL_VERSION } from "../../../workers/protocol/version.ts";
import { type Random, sealOnce } from "../crypto/primitives.ts";
import type { SendingDevice, SendingEpoch } from "../messages/seal.ts";
import { receiptKey } from "./keys.ts";
import { type Reading, encodeReading } from "./payload.ts";

/** M10, E8: one read receipt, ready to send. The salt is drawn here, at every call: no key is used twice. */
export async function sealReceipt(
  random: Random,
  sender: SendingDevice,
  epoch: SendingEpoch,
  counter: number,
  reading: Reading,
): Promise<Uint8Array> {
  const { account, device, manifestVersion } = sender;
  const { conversation, n, head } = epoch;
  const clear: ReceiptHeader = {
    v: PROTOCOL_VERSION,
    conversation,
    n,
    head,
    account,
    device,
    manifestVersion,
    counter,
    salt: random.bytes(32),
  };
  const header = encodeCbor(clear);
  const ciphertext = sealOnce(receiptKey(epoch.secret, clear), encodeReading(reading), header);
  const signature = await sender.signer.sign("sign-receipt", receiptHash(header, ciphertext));
  return encodeCbor({ header, ciphertext, signature } satisfies Receipt);
}
