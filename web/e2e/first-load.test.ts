import { createServer, request } from "node:http";
import { basename } from "node:path";
import { expect } from "vitest";
import { filesUntilSignIn } from "../../.ci/size.mjs";
import { freePort } from "../../.ci/worker-process.mjs";
import { person } from "./harness/person.ts";
import { test } from "./harness/stage.ts";

/** The same origin with some files that never arrive: the browser's own interception does not see a worker's imports. */
async function withoutFiles(origin: string, isMissing: (file: string) => boolean) {
  const missed: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const file = basename(incoming.url ?? "/");
    if (isMissing(file)) {
      missed.push(file);
      return;
    }
    const { method, headers, url: path } = incoming;
    incoming.pipe(
      request(origin, { method, headers, path }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  const port = await freePort();
  await new Promise<void>((resolve) => proxy.listen(port, "localhost", resolve));
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { origin: `http://localhost:${port}`, missed, close };
}

// `npm run size` weighs these files; that the screen needs no other is shown here.
test("the sign-in screen appears with the scripts that its size counts", async ({
  browser,
  server,
}) => {
  const counted = filesUntilSignIn();
  const site = await withoutFiles(
    server.origin,
    (file) => file.endsWith(".js") && !counted.has(file),
  );
  const visitor = await person(browser, site.origin);
  await visitor.page.goto("/");
  await visitor.page.getByRole("button", { name: "Sign in with passkey" }).waitFor();
  // The browser opens six connections at most, so which of the others it asks for is left open.
  await expect.poll(() => site.missed.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(visitor.problems()).toEqual([]);
  expect(await visitor.accessibilityViolations()).toEqual([]);
  await visitor.leave();
  site.close();
});
