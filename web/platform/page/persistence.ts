/** What this needs of a browser. */
export interface StorageOwner {
  readonly storage?: Partial<Pick<StorageManager, "persist" | "persisted">>;
  readonly permissions?: Pick<Permissions, "query">;
  readonly userAgent: string;
}

/**
 * Whether the browser promises not to evict what is stored here: it does, it would ask the person first, or it
 * decides by itself, or cannot.
 */
export type Persistence = "kept" | "asks" | "decides";

/** How things stand, without asking anything of anybody. */
export async function persistence(browser: StorageOwner = navigator): Promise<Persistence> {
  try {
    if (await browser.storage?.persisted?.()) return "kept";
    // Chromium says "prompt" as well and never prompts; WebKit does not know the question.
    if (!/\bFirefox\//.test(browser.userAgent)) return "decides";
    const answer = await browser.permissions?.query({ name: "persistent-storage" });
    return answer?.state === "prompt" ? "asks" : "decides";
  } catch {
    return "decides";
  }
}

/** Asks the browser not to evict what is stored (K8), unless it would ask the person; a refusal changes nothing. */
export async function askPersistence(browser: StorageOwner = navigator): Promise<void> {
  if ((await persistence(browser)) === "decides") await requestPersistence(browser);
}

/** Asks in any case: after a press that says what for. Returns whether the browser keeps it. */
export async function requestPersistence(browser: StorageOwner = navigator): Promise<boolean> {
  return (await browser.storage?.persist?.().catch(() => false)) ?? false;
}
