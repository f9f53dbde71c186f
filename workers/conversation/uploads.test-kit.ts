import { randomBytes } from "@noble/hashes/utils.js";
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { blobKey, blobsPrefix } from "../attachments/bucket.ts";
import type { Asked } from "../http/browser.test-kit.ts";
import { toBase64url } from "../protocol/bytes.ts";
import { partCount, partLength } from "../protocol/file-layout.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { EndpointName } from "../protocol/http/endpoints.ts";
import type { StoredBlob } from "./rules/upload.ts";
import { type Scene, type Writer, withDeps } from "./scene.test-kit.ts";

/** Two parts, of which the second is small. */
export const TWO_PARTS = LIMITS.filePart + 1_000;

/** One file of somebody, by HTTP. */
export class TestUpload {
  readonly blob = randomBytes(16);

  constructor(
    readonly writer: Writer,
    readonly scene: Scene,
    readonly bytes = 1_000,
  ) {}

  get params() {
    return {
      conversation: toBase64url(this.scene.conversation),
      blob: toBase64url(this.blob),
    };
  }

  #outcome(name: EndpointName, asked: Asked = {}): Promise<string> {
    const params = { ...this.params, ...asked.params };
    return this.writer.person.browser.outcome(name, { ...asked, params });
  }

  begin(bytes = this.bytes): Promise<string> {
    return this.#outcome("beginUpload", { body: { blob: toBase64url(this.blob), bytes } });
  }

  /** The numbers of the parts that it has, and "complete" once it is. */
  async state() {
    const body = { blob: toBase64url(this.blob), bytes: this.bytes };
    const { browser } = this.writer.person;
    const { taken, isComplete } = await browser.get("beginUpload", { params: this.params, body });
    return isComplete ? "complete" : taken;
  }

  part(part: number, length = partLength(this.bytes, part)): Promise<string> {
    const body = new Uint8Array(length).fill(part);
    return this.#outcome("uploadPart", { params: { part: String(part) }, body });
  }

  finish(): Promise<string> {
    return this.#outcome("finishUpload");
  }

  cancel(): Promise<string> {
    return this.#outcome("cancelUpload");
  }

  /** All of it; "ok" or the first refusal. */
  async send(): Promise<string> {
    const steps = [() => this.begin()];
    for (let part = 1; part <= partCount(this.bytes); part++) steps.push(() => this.part(part));
    for (const step of [...steps, () => this.finish()]) {
      const outcome = await step();
      if (outcome !== "ok") return outcome;
    }
    return "ok";
  }

  fetchedBy({ person }: Pick<Writer, "person">, headers: Record<string, string> = {}) {
    return person.browser.call("blob", { params: this.params, headers });
  }

  get key(): string {
    return blobKey(this.scene.conversation, this.blob);
  }

  row(): Promise<StoredBlob | null> {
    return runInDurableObject(this.scene.stub, ({ core }) => core.stores.blobs.get(this.blob));
  }
}

/** Keys of the files that R2 has of a conversation. */
export async function fileKeys({ conversation }: Pick<Scene, "conversation">): Promise<string[]> {
  const { objects } = await env.BLOBS.list({ prefix: blobsPrefix(conversation) });
  return objects.map(({ key }) => key);
}

/** The living instance's clock goes ahead. */
export const later = (scene: Scene, ms: number) =>
  withDeps(scene, () => ({ now: () => Date.now() + ms }));

/** What D1 counts of a conversation's files. */
export async function registered({ conversation }: Pick<Scene, "conversation">): Promise<number> {
  const row = await env.DB.prepare("SELECT file_bytes AS bytes FROM conversations WHERE id = ?")
    .bind(toBase64url(conversation))
    .first<{ bytes: number }>();
  return row?.bytes ?? -1;
}

/** What the object counts, and what it thinks that D1 does. */
export const counted = ({ stub }: Scene) =>
  runInDurableObject(stub, ({ core }) => ({
    held: core.stores.blobs.held(),
    told: core.stores.blobs.told(),
  }));
