import { addressGroup } from "../http/rate-limit.ts";
import type { BoundCaller, Call, Routes } from "../http/route.ts";
import { unwrap } from "../objects/answer.ts";
import { conversationObject } from "../objects/objects.ts";
import { identityOf } from "../objects/peer-identity.ts";
import { fromBase64url } from "../protocol/bytes.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { idBytes, parseBlobId, parseConversationId } from "../protocol/ids.ts";
import { serveBlob } from "./serve-blob.ts";
import { transfer } from "./transfer.ts";

interface Asking {
  readonly env: Cloudflare.Env;
  readonly caller: BoundCaller;
  readonly address: string;
  readonly params: Readonly<Record<string, string>>;
}

const objectOf = ({ env, params }: Asking) =>
  conversationObject(env, parseConversationId(params["conversation"] ?? ""));

const whoOf = ({ caller, address }: Asking) => identityOf(caller, addressGroup(address));

const blobOf = ({ params }: Asking): Uint8Array => idBytes(parseBlobId(params["blob"] ?? ""));

/** The object says where the part goes, R2 gets it, the object is told: a crash in between costs one part. */
async function uploadPart(call: Call<"uploadPart">): Promise<Record<string, never>> {
  const { env, body } = call;
  const [object, who, blob] = [objectOf(call), whoOf(call), blobOf(call)];
  const part = Number(call.params["part"]);
  const slot = unwrap(await object.slotFor(who, blob, { part, length: body.length }));
  if (!slot) return {};
  const { upload } = slot;
  const done = await transfer(env.BLOBS, { ...slot, part }, body);
  switch (done.kind) {
    case "stored":
      unwrap(await object.tookPart(who, blob, { part, upload, etag: done.etag }));
      return {};
    case "lost":
      if (upload !== null) unwrap(await object.lostUpload(who, blob, upload));
      throw new ProtocolError("upload_incomplete", "R2 let the upload go");
  }
}

/** Handlers of this folder. */
export const routes = {
  async beginUpload(call) {
    const { blob, bytes } = call.body;
    return unwrap(await objectOf(call).beginUpload(whoOf(call), fromBase64url(blob), bytes));
  },
  uploadPart,
  async finishUpload(call) {
    unwrap(await objectOf(call).finishUpload(whoOf(call), blobOf(call)));
    return {};
  },
  async cancelUpload(call) {
    unwrap(await objectOf(call).cancelUpload(whoOf(call), blobOf(call)));
    return {};
  },
  async blob(call) {
    const found = unwrap(await objectOf(call).served(whoOf(call), blobOf(call)));
    return serveBlob(call.env.BLOBS, found, call.request.headers.get("range"));
  },
  async storage(call) {
    return unwrap(await objectOf(call).storageUse(whoOf(call)));
  },
} satisfies Routes;
