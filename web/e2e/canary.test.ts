import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { meet } from "./harness/couple.ts";
import { reads, write } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

const word = (): string => `canary${randomBytes(9).toString("hex")}`;

/** The word as it might stand in a file: plain, UTF-16, and base64 from each of the three offsets. */
function formsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text, "utf8");
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // The first and last characters depend on neighbours.
    return Buffer.from(encoded.slice(4, -4));
  });
  return [bytes, Buffer.from(text, "utf16le"), ...base64];
}

const places = (haystack: Buffer, text: string): boolean =>
  formsOf(text).some((form) => haystack.includes(form));

test("N3: what people write, their labels and patients' names are nowhere on the server", async ({
  browser,
  server,
}) => {
  const secret = { message: word(), answer: word(), label: word(), patient: word() };
  const couple = await meet(browser, server, {
    practitioner: "Dr. Public",
    label: secret.label,
    patient: secret.patient,
  });
  const { practitioner, patient } = couple;
  await write(patient, `I said ${secret.message}`);
  await reads(practitioner, `I said ${secret.message}`);
  await write(practitioner, `I answered ${secret.answer}`);
  await reads(patient, `I answered ${secret.answer}`);
  // The join's first message tells the practitioner the patient's name (I8).
  await practitioner.page.getByText(secret.patient).first().waitFor();

  // The archive is written a moment later (decision "durable log"); only then do the files hold all that they will.
  await expect
    .poll(() => server.storageFiles().some((file) => file.includes("d1")), { timeout: 10_000 })
    .toBe(true);
  await practitioner.page.waitForTimeout(3_000);

  const files = server.storageFiles();
  const contents = files.map((file) => readFileSync(file));
  // The search itself works: what the server may know is found by the same means.
  expect(contents.some((content) => places(content, "Dr. Public"))).toBe(true);
  const urls = [couple.office, practitioner, patient].flatMap((who) => who.urls).join("\n");
  const log = server.log.join("\n");
  expect(urls).toContain("/api/");
  for (const text of Object.values(secret)) {
    expect(files.filter((_, i) => places(contents[i] ?? Buffer.alloc(0), text))).toEqual([]);
    expect(places(Buffer.from(log), text)).toBe(false);
    expect(places(Buffer.from(urls), text)).toBe(false);
  }
});
