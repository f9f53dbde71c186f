/** A pair of keys by which push services know who sends (RFC 8292), as the Worker's secrets have it. */
export async function newVapid() {
  // Not above: who starts Thyme for the first time has no packages yet.
  const { generateVapidKeys, serializeVapidKeys } = await import("web-push-browser");
  const { publicKey, privateKey } = await serializeVapidKeys(await generateVapidKeys());
  return { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey };
}
