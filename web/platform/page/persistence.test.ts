import { describe, expect, it } from "vitest";
import {
  type StorageOwner,
  askPersistence,
  persistence,
  requestPersistence,
} from "./persistence.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
const CHROMIUM =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36";
const SAFARI = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15";

/** A browser that counts how often it was asked to keep things. */
function browser(
  userAgent: string,
  state: PermissionState | null,
  { kept = false, grants = true } = {},
) {
  const asked = { count: 0 };
  const owner: StorageOwner = {
    userAgent,
    storage: {
      persisted: () => Promise.resolve(kept),
      persist: () => {
        asked.count += 1;
        return Promise.resolve(grants);
      },
    },
    permissions: {
      query: () =>
        state === null
          ? Promise.reject(new TypeError("no such permission"))
          : Promise.resolve({ state } as PermissionStatus),
    },
  };
  return { owner, asked };
}

describe("at the start", () => {
  it.each([
    ["Firefox, which would prompt", FIREFOX, "prompt", "asks", 0],
    ["Firefox that was refused it", FIREFOX, "denied", "decides", 1],
    ["Chromium, which calls it a prompt and decides", CHROMIUM, "prompt", "decides", 1],
    ["Safari, which does not know the permission", SAFARI, null, "decides", 1],
  ] as const)("%s", async (_, agent, state, stands, times) => {
    const { owner, asked } = browser(agent, state);
    expect(await persistence(owner)).toBe(stands);
    await askPersistence(owner);
    expect(asked.count).toBe(times);
  });

  it("asks nobody for what is granted already", async () => {
    const { owner, asked } = browser(FIREFOX, "granted", { kept: true });
    expect(await persistence(owner)).toBe("kept");
    await askPersistence(owner);
    expect(asked.count).toBe(0);
  });

  it("goes on in a browser that has no such thing", async () => {
    const bare: StorageOwner = { userAgent: FIREFOX };
    expect(await persistence(bare)).toBe("decides");
    await askPersistence(bare);
  });
});

describe("after a press", () => {
  it.each([true, false])("the browser is asked, and its answer told: %s", async (grants) => {
    const { owner, asked } = browser(FIREFOX, "prompt", { grants });
    expect(await requestPersistence(owner)).toBe(grants);
    expect(asked.count).toBe(1);
  });
});
