import type { Route } from "playwright-core";
import { expect } from "vitest";
import { LIMITS } from "../../workers/protocol/limits.ts";
import { reads, write } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

const PAGE = LIMITS.itemsPerPage;
/** Names in the order in which a server shows them: 32 bytes in base64url. */
const nameAt = (i: number): string => `${String(i).padStart(42, "0")}A`;

test("E1, K9 a server that feeds the engine without end is left, the page is answered meanwhile, and nothing is lost", async ({
  couple,
}) => {
  const { practitioner, patient } = couple;
  const { context, page } = practitioner;
  const fed: number[] = [];
  const feed = async (route: Route) => {
    const after = new URL(route.request().url()).searchParams.get("after");
    const first = after === null ? 0 : Number(after.slice(0, -1)) + 1;
    fed.push(first);
    const records = Array.from({ length: PAGE }, (_, i) => ({
      key: nameAt(first + i),
      version: 2 ** 40,
      value: "A".repeat(4_000),
    }));
    await route.fulfill({ json: { records, next: nameAt(first + PAGE - 1) } });
  };
  await context.route(/\/api\/private(\?|$)/, feed);
  await page.reload();
  await expect.poll(() => fed.length).toBeGreaterThan(2);
  // What the person does goes through the same engine, and comes to the other side.
  await write(practitioner, "While it is fed");
  await reads(patient, "While it is fed");
  await write(patient, "And answered");
  await reads(practitioner, "And answered");
  // As many as an account may have and not one page more, at each connection.
  await expect.poll(() => Math.max(...fed)).toBe(LIMITS.privateRecords);
  await context.unroute(/\/api\/private(\?|$)/);

  // An honest server is believed again, and what was held before is there.
  await page.reload();
  await reads(practitioner, "And answered");
  await page.getByRole("heading", { name: "Ana M." }).first().waitFor();
});
