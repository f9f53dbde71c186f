import { expect, test } from "vitest";
import { CoreError } from "../../../core/errors.ts";
import { withoutRefusedRows } from "./refused-rows.ts";

/** How often a transaction is done in which this place fails so, and what it ends with. */
async function done(error: Error) {
  let times = 0;
  const ended = await withoutRefusedRows(async (refused) => {
    times += 1;
    await refused.placing(1, () => Promise.reject(error));
  }).catch((thrown: unknown) => thrown);
  return { times, isItself: ended === error };
}

test("E1 only what the store refuses is done again without that row: anything else is thrown at once", async () => {
  for (const error of [
    new CoreError("open_failed"),
    Object.assign(new Error("of another kind"), { code: "unstorable" }),
  ]) {
    expect(await done(error)).toEqual({ times: 1, isItself: true });
  }
  // Control: a refused row has one more try as a placeholder, and the whole one more to find out which it is.
  expect((await done(new CoreError("unstorable"))).times).toBe(3);
});
