import { afterEach } from "vitest";
import { serverTrouble } from "./local-server.ts";
import { everybody } from "./person.ts";

/**
 * What holds at the end of every journey, whoever wrote it: no error, no violation of the policy or of axe-core,
 * and every server that was started runs until it is killed.
 */
afterEach(async ({ task }) => {
  const { fell, last } = serverTrouble();
  if (fell.length > 0)
    throw new Error(`${fell.join(", ")} ended by itself. Its last lines:\n${last}`);
  // A journey that broke off says why itself; what the server saw may tell more.
  if (task.result?.state === "fail") {
    console.error(last);
    return;
  }
  for (const who of everybody()) {
    const wrong = [...who.problems(), ...(await who.accessibilityViolations())];
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  }
});
