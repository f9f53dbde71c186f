import type { Database } from "./database.ts";

/**
 * K8: a non-extractable AES-GCM key unwraps the one local key at start, because WebCrypto cannot be awaited
 * inside an IndexedDB transaction and noble can seal synchronously with what it unwraps.
 */
export async function loadLocalKey(db: Database): Promise<Uint8Array> {
  const reading = db.transaction("local");
  const [stored] = await Promise.all([reading.store.get("key"), reading.done]);
  if (stored) {
    const { key, iv, wrapped } = stored;
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: new Uint8Array(iv) },
      key,
      new Uint8Array(wrapped),
    );
    return new Uint8Array(plain);
  }
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const local = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, local));
  const tx = db.transaction("local", "readwrite", { durability: "strict" });
  // Two tabs may start at once: the first key in stays.
  if (await tx.store.getKey("key")) {
    await tx.done;
    return loadLocalKey(db);
  }
  await tx.store.put({ key, iv, wrapped }, "key");
  await tx.done;
  return local;
}
