/** Asks the browser not to evict what is stored (K8); a refusal changes nothing. */
export async function askPersistence(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
}
