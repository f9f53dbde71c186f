import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { reads, write } from "./harness/journey.ts";
import type { Person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

const PLACE = "41.4036 N 2.1744 E";

interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A photo as a phone writes it: with the place where it was taken. */
async function photoWithPlace(page: Page): Promise<Chosen> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 480);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.fillStyle = "#2f6b4a";
    context.fillRect(0, 0, 640, 480);
    const blob = await canvas.convertToBlob({ type: "image/jpeg" });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), Buffer.from(PLACE)]);
  const length = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  const [start, rest] = [Buffer.from(bytes.slice(0, 2)), Buffer.from(bytes.slice(2))];
  return {
    name: "IMG_0001.jpg",
    mimeType: "image/jpeg",
    buffer: Buffer.concat([start, length, exif, rest]),
  };
}

const pdf = (name: string, size: number): Chosen => ({
  name,
  mimeType: "application/pdf",
  buffer: Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(size), Buffer.from("\n%%EOF\n")]),
});

const log = (page: Page) => page.getByRole("log", { name: "Messages" });

async function choose({ page }: Person, file: Chosen): Promise<void> {
  await page.locator('input[type=file][aria-label="File"]').setInputFiles(file);
}

async function send(who: Person, file: Chosen): Promise<void> {
  await choose(who, file);
  await who.page.getByRole("button", { name: "Send", exact: true }).click();
}

const sees = ({ page }: Person, name: string): Promise<void> =>
  log(page).getByText(name).first().waitFor({ timeout: 60_000 });

/** What a person saves from the message with this file. */
async function saved({ page }: Person, name: string): Promise<Buffer> {
  const card = log(page).getByRole("article").filter({ hasText: name });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    card.getByRole("button", { name: /Save/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(name);
  return readFile(await download.path());
}

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

test("F1 F2 a photo comes without its place, a document byte for byte, and both go with their message", async ({
  couple: { practitioner, patient },
  server,
}) => {
  const inBucket = () => server.storageFiles().filter((file) => /[/\\]r2[/\\].*blobs/.test(file));
  const photo = await photoWithPlace(patient.page);
  const before = inBucket().length;

  await send(patient, photo);
  const picture = log(practitioner.page).locator("img.photo-picture");
  await picture.waitFor({ timeout: 60_000 });
  await log(practitioner.page).getByRole("button", { name: "Open photo" }).click();
  const dialog = practitioner.page.getByRole("dialog", { name: "Photo" });
  expect(await practitioner.accessibilityViolations()).toEqual([]);
  const [download] = await Promise.all([
    practitioner.page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Save" }).click(),
  ]);
  const shown = await readFile(await download.path());
  expect(shown.length).toBeGreaterThan(100);
  expect(shown.includes(PLACE)).toBe(false);
  expect(photo.buffer.includes(PLACE)).toBe(true);
  await practitioner.page.keyboard.press("Escape");

  // More than one part.
  const plan = pdf("plan of meals.pdf", 12 * 1024 * 1024);
  await send(practitioner, plan);
  await sees(patient, plan.name);
  expect(hash(await saved(patient, plan.name))).toBe(hash(plan.buffer));
  expect(inBucket().length).toBeGreaterThan(before);

  const message = log(practitioner.page).getByRole("article").filter({ hasText: plan.name });
  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  await practitioner.page.getByRole("menuitem", { name: "Delete for everyone" }).click();
  const sure = practitioner.page.getByRole("dialog");
  await sure.getByRole("button", { name: "Delete for everyone" }).click();
  await log(patient.page).getByText(plan.name).waitFor({ state: "detached" });
  const held = plan.buffer.length;
  await expect
    .poll(
      async () => {
        const sizes = await Promise.all(
          inBucket().map(async (file) => (await readFile(file)).length),
        );
        return sizes.filter((size) => size >= held).length;
      },
      { timeout: 30_000 },
    )
    .toBe(0);
});

test("F2 what is no file of the list is refused by its content, before anything is sent", async ({
  couple: { patient },
}) => {
  const { page } = patient;
  const html = Buffer.from("<!doctype html><script>1</script>");
  await choose(patient, { name: "holiday.jpg", mimeType: "image/jpeg", buffer: html });
  await page.getByText(/This kind of file cannot be sent/).waitFor();
  await page.getByRole("button", { name: /^Remove/ }).click();
  const video = Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from("ftypisom\0\0\0\0isomavc1"),
  ]);
  await choose(patient, { name: "film.mp4", mimeType: "video/mp4", buffer: video });
  await page.getByRole("alert").first().waitFor();
  await page.getByRole("button", { name: /^Remove/ }).click();
});

test("A6 files that were sent without network arrive in their order, through a reload, and no text waits for them", async ({
  couple: { practitioner, patient },
}) => {
  patient.expects(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await patient.context.setOffline(true);
  const first = pdf("first.pdf", 9 * 1024 * 1024);
  const second = pdf("second.pdf", 1_000);
  await send(patient, first);
  await sees(patient, first.name);
  await send(patient, second);
  await sees(patient, second.name);
  await write(patient, "a text beside");
  await patient.page.reload();
  await sees(patient, second.name);
  await patient.context.setOffline(false);
  await reads(practitioner, "a text beside");
  await sees(practitioner, first.name);
  await sees(practitioner, second.name);
  const names = await log(practitioner.page)
    .getByRole("article")
    .filter({ hasText: /first\.pdf|second\.pdf/ })
    .allInnerTexts();
  expect(names.map((text) => /first|second/.exec(text)?.[0])).toEqual(["first", "second"]);
  expect(hash(await saved(practitioner, first.name))).toBe(hash(first.buffer));
});
