import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { GalleryRow } from "../../app/files-view.ts";
import { C1 } from "../../app/ids.test-kit.ts";
import {
  type Fakes,
  details,
  fakeModels,
  practitioner,
  summary,
  timeline,
} from "../fake-models.test-kit.ts";
import {
  document as paper,
  fileMessage,
  galleryRow,
  picture,
  storePicture,
  voiceNote,
} from "../fake-pictures.test-kit.ts";
import { mountApp, unmount } from "../mount.test-kit.ts";
import { signedOut } from "../state/endings.ts";

let fakes: Fakes;
const NOVEMBER = new Date("2026-11-10T12:00:00").getTime();
const OCTOBER = new Date("2026-10-10T12:00:00").getTime();
const lunch = picture(1);
const rows = (): readonly GalleryRow[] =>
  [
    fileMessage(9, NOVEMBER, lunch.file),
    fileMessage(8, NOVEMBER - 1, paper("plan.pdf", 4_000), "Your plan"),
    fileMessage(7, NOVEMBER - 2, voiceNote(32)),
    fileMessage(3, OCTOBER, picture(2).file),
  ].flatMap((item) => galleryRow(item) ?? []);
const tab = (name: string) => page.getByRole("tab", { name });
const asked = () => fakes.calls.filter(([name]) => name === "files").map(([, said]) => said);

async function open(): Promise<void> {
  await mountApp(fakes.models, `/c/${C1}/files`);
  await expect.element(page.getByRole("heading", { name: "Files", level: 1 })).toBeVisible();
}

beforeEach(() => {
  signedOut.value += 1;
  fakes = fakeModels({ me: practitioner });
  fakes.list.value = [summary("c1", "Ana Morales")];
  fakes.details.value = details();
  fakes.files.gallery.value = rows();
  storePicture(fakes, 9, lunch);
});
afterEach(unmount);

describe("the files of a conversation", () => {
  it("are reached from the details, and lead back", async () => {
    fakes.timeline.value = timeline([]);
    await page.viewport(1_200, 800);
    await mountApp(fakes.models, `/c/${C1}`);
    await userEvent.click(page.getByRole("link", { name: "Files" }));
    await expect.element(page.getByRole("heading", { name: "Files", level: 1 })).toBeVisible();
    await userEvent.click(page.getByRole("link", { name: "Back to conversation" }));
    await expect.element(page.getByRole("log", { name: "Messages" })).toBeInTheDocument();
  });

  it("stand by month, photos first, the other kinds in tabs that arrows move between", async () => {
    await open();
    await expect.element(page.getByRole("heading", { name: "November 2026" })).toBeVisible();
    await expect.element(page.getByRole("heading", { name: "October 2026" })).toBeVisible();
    await userEvent.click(tab("Photos"));
    await userEvent.keyboard("{ArrowRight}");
    await expect.element(tab("Documents")).toHaveAttribute("aria-selected", "true");
    await expect.element(tab("Documents")).toHaveFocus();
    await expect.element(page.getByRole("button", { name: "Save plan.pdf" })).toBeVisible();
    await userEvent.keyboard("{ArrowRight}");
    await expect.element(page.getByRole("button", { name: "Play" })).toBeVisible();
    expect(asked()).toMatchObject([{ shape: "image" }, { shape: "document" }, { shape: "audio" }]);
  });

  it("open large, and lead to their message", async () => {
    await open();
    await userEvent.click(page.getByRole("button", { name: /^Open photo: From Ana/ }).first());
    await expect.element(page.getByRole("dialog", { name: "Photo" })).toBeVisible();
    fakes.timeline.value = timeline([]);
    await userEvent.click(page.getByRole("button", { name: "Show in conversation" }));
    await expect
      .poll(() => fakes.calls.filter(([name]) => name === "showAt"))
      .toEqual([["showAt", 9]]);
    expect(location.pathname).toBe(`/c/${C1}`);
  });

  it("that are none say so", async () => {
    fakes.files.gallery.value = [];
    await open();
    await expect.element(page.getByText("No photos yet")).toBeVisible();
  });

  it("that could not be listed are asked for again", async () => {
    fakes.answers.set("files", [{ ok: false, problem: "storage" }]);
    await open();
    await expect.element(page.getByRole("alert")).toHaveTextContent(/could not be listed/);
    await userEvent.click(page.getByRole("button", { name: "Try again" }));
    await expect.element(page.getByRole("heading", { name: "November 2026" })).toBeVisible();
  });

  it("come a page at a time, and say where they end", async () => {
    const all = rows();
    fakes.models.files.gallery = (_, __, before) =>
      Promise.resolve({
        ok: true,
        value: before
          ? { rows: all.slice(3), before: null, isWhole: false }
          : { rows: all.slice(0, 1), before: 9, isWhole: false },
      });
    await open();
    await expect
      .element(page.getByRole("heading", { name: "October 2026" }))
      .not.toBeInTheDocument();
    await userEvent.click(page.getByRole("button", { name: "Show more" }));
    await expect.element(page.getByRole("heading", { name: "October 2026" })).toBeVisible();
    await expect.element(page.getByText(/Older files appear here/)).toBeVisible();
  });

  it("say that what is not here waits for the network", async () => {
    fakes.connection.value = "offline";
    await open();
    await expect.element(page.getByText(/can be opened later/)).toBeVisible();
  });
});
