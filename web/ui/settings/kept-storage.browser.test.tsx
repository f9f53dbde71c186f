import { afterEach, describe, expect, it, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeModels } from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { KeptStorage } from "./kept-storage.tsx";

const button = () => page.getByRole("button", { name: "Keep my data here" });

/** As Firefox is before the person was asked. */
function beFirefox(grants: boolean) {
  vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Gecko/20100101 Firefox/153.0");
  vi.spyOn(navigator.storage, "persisted").mockResolvedValue(false);
  vi.spyOn(navigator.permissions, "query").mockResolvedValue({
    state: "prompt",
  } as PermissionStatus);
  return vi.spyOn(navigator.storage, "persist").mockResolvedValue(grants);
}

const open = () => mount(fakeModels().models, <KeptStorage />);

afterEach(() => {
  unmount();
  vi.restoreAllMocks();
});

describe("the section on stored data", () => {
  it.each([
    [true, "Your browser keeps it."],
    [false, "Your browser did not agree. Thyme works all the same."],
  ])("asks after a press that says what for, and tells the answer: %s", async (grants, said) => {
    const persist = beFirefox(grants);
    await open();
    await expect.element(page.getByRole("heading", { name: "Your data" })).toBeVisible();
    expect(persist).not.toHaveBeenCalled();
    await button().click();
    await expect.element(page.getByRole("status")).toHaveTextContent(said);
    expect(persist).toHaveBeenCalledTimes(1);
  });

  it("is not there where the browser decides by itself", async () => {
    await open();
    await settled();
    await expect.element(button()).not.toBeInTheDocument();
  });
});
