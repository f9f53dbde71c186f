import { afterEach } from "vitest";
import { everybody } from "./person.ts";

/** What holds at the end of every journey, whoever wrote it: no error, no violation of the policy or of axe-core. */
afterEach(async ({ task }) => {
  // A journey that broke off says why itself.
  if (task.result?.state === "fail") return;
  for (const who of everybody()) {
    const wrong = [...who.problems(), ...(await who.accessibilityViolations())];
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  }
});
