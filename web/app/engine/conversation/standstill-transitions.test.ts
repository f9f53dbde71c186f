import { expect, test } from "vitest";
import { newConversation } from "./kept.ts";
import {
  failureNoticed,
  isProven,
  isWanting,
  sendingStopped,
  wanted,
  wantsMet,
} from "./standstill-transitions.ts";

const fresh = newConversation({ title: "", owner: new Uint8Array(32), createdAt: 1 });
const DAY = 24 * 60 * 60 * 1000;

test("C5 proof stays for good: no want, no other proof and no arrival changes it", () => {
  const stopped = sendingStopped(fresh, "fork");
  expect(stopped.blocked).toEqual({ kind: "proof", code: "fork" });
  for (const next of [
    sendingStopped(stopped, "cloned"),
    sendingStopped(stopped, null),
    wanted(stopped, "bundle", 5),
    wantsMet(stopped, ["bundle", "manifest", "share", "log"]),
  ]) {
    expect(next.blocked).toEqual(stopped.blocked);
  }
  expect([isProven(stopped), isWanting(stopped)]).toEqual([true, false]);
});

test("C5 a want says since when anything is wanted, and ends when it is met, not another one", () => {
  const first = wanted(fresh, "manifest", 100);
  const second = wanted(first, "share", 200);
  expect(second.blocked).toEqual({ kind: "want", code: "share", since: 100 });
  expect(wanted(second, "share", 300)).toBe(second);
  expect(wantsMet(second, ["manifest", "bundle"])).toBe(second);
  expect(wantsMet(second, ["share"]).blocked).toBeNull();
  expect(wanted(wantsMet(second, ["share"]), "share", 400).blocked).toMatchObject({ since: 400 });
  expect(sendingStopped(second, "cloned").blocked).toEqual({ kind: "proof", code: "cloned" });
});

test("C5 notices of what failed are bounded: one a kind and day, the newest twenty", () => {
  const once = failureNoticed(fresh, "bundle", 0);
  expect(failureNoticed(once, "bundle", DAY - 1)).toBe(once);
  expect(failureNoticed(once, "share", 1).failures).toHaveLength(2);
  let kept = fresh;
  for (let day = 0; day < 30; day++) kept = failureNoticed(kept, "message", day * DAY);
  expect(kept.failures.map(({ at }) => at / DAY)).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 10),
  );
});
