import { expect, test } from "vitest";
import { Browser } from "./browser.test-kit.ts";
import { seedPerson } from "../accounts/person.test-kit.ts";
import { makeWorld } from "./world.test-kit.ts";
async function loop(name: "setup" | "health" | "account", browser: Browser) {
  const out: number[] = [];
  for (let b = 0; b < 6; b++) {
    const t = Date.now();
    for (let i = 0; i < 40; i++) await browser.outcome(name);
    out.push(Date.now() - t);
  }
  return `${name}: ${out.join(" ")}`;
}
test("probe", { timeout: 100_000 }, async () => {
  const lines: string[] = [];
  lines.push(await loop("health", new Browser()), await loop("setup", new Browser()));
  const { browser } = await seedPerson("patient");
  lines.push(await loop("account", browser));
  const w = await makeWorld();
  lines.push("world", await loop("health", new Browser()), await loop("setup", new Browser()), await loop("account", w.patient.browser));
  expect(lines.join("\n")).toBe("");
});
