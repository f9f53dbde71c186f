import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findWebKit, missingOfWebKit } from "../../../scripts/machine/engines.mjs";
import { freePort, isListening } from "../../../scripts/local/worker-process.mjs";
import { type Group, startGroup } from "./process-group.ts";
import { type Engine, type Key, SIZE, type Wire } from "./wire.ts";

/** WebKitGTK, by the W3C's WebDriver. A driver has one browser, so everybody gets a driver. */
export async function launchWebKit(): Promise<Engine> {
  const programs = findWebKit();
  if (programs === undefined) throw new Error(`Not found: ${missingOfWebKit().join(", ")}.`);
  const screen = await startScreen(programs.xvfb);
  const running = new Set<() => Promise<void>>();
  return {
    name: "webkit",
    newPage: () => startDriver(programs, screen.display, running),
    async close() {
      await Promise.all([...running].map((end) => end()));
      await screen.group.end();
    },
  };
}

async function startScreen(xvfb: string): Promise<{ display: string; group: Group }> {
  // It chooses a free display itself and says which one when it is ready.
  const args = ["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"];
  const group = startGroup(xvfb, args);
  const display = `:${(await group.firstLine()).trim()}`;
  return { display, group };
}

async function startDriver(
  { driver, browser }: { driver: string; browser: string },
  display: string,
  running: Set<() => Promise<void>>,
): Promise<Wire> {
  const home = mkdtempSync(join(tmpdir(), "thyme-webkit-"));
  const port = await freePort();
  const group = startGroup(driver, [`--port=${port}`], {
    DISPLAY: display,
    HOME: home,
    XDG_DATA_HOME: join(home, "data"),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_CONFIG_HOME: join(home, "config"),
    GDK_BACKEND: "x11",
    NO_AT_BRIDGE: "1",
    LIBGL_ALWAYS_SOFTWARE: "1",
    // Its sandbox needs what a container does not give.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  });
  const end = async (): Promise<void> => {
    await group.end();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    running.delete(end);
  };
  running.add(end);
  try {
    while (!(await isListening(port))) {
      if (!group.isRunning()) throw new Error(`WebKit's driver did not start:\n${group.output()}`);
      await pause(50);
    }
    const base = `http://127.0.0.1:${port}`;
    const options = { binary: browser, args: ["--automation"] };
    const capabilities = {
      alwaysMatch: { acceptInsecureCerts: true, "webkitgtk:browserOptions": options },
    };
    const { sessionId } = await call<{ sessionId: string }>(base, "POST", "/session", {
      capabilities,
    });
    const wire = wireOf(`${base}/session/${sessionId}`, end);
    await wire.resize(SIZE.width, SIZE.height);
    return wire;
  } catch (error) {
    await end();
    throw new Error(`No page in WebKit:\n${group.output()}`, { cause: error });
  }
}

/** Written as the W3C's WebDriver has them. */
const KEYS: Readonly<Record<Key, string>> = {
  Enter: "\uE007",
  Escape: "\uE00C",
  Tab: "\uE004",
  Backspace: "\uE003",
  ArrowUp: "\uE013",
  ArrowDown: "\uE015",
  Home: "\uE011",
  End: "\uE010",
  PageUp: "\uE00E",
};

const wireOf = (session: string, end: () => Promise<void>): Wire => {
  const post = <T>(path: string, body: object): Promise<T> => call(session, "POST", path, body);
  const act = (id: string, type: "key" | "pointer", actions: readonly object[]): Promise<void> =>
    post("/actions", { actions: [{ id, type, actions }] });
  const move = (x: number, y: number): object => ({
    type: "pointerMove",
    duration: 0,
    x: Math.round(x),
    y: Math.round(y),
  });
  const strokes = (letters: readonly string[]): object[] =>
    letters.flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
  return {
    open: (url) => post("/url", { url }),
    reload: () => post("/refresh", {}),
    async evaluate(expression) {
      // Its own way of waiting for a promise differs from the others': this one is in every version.
      const script = `const done = arguments[0];
        Promise.resolve().then(() => (${expression}))
          .then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) + " " + String(error) }));`;
      const answer = await post<{ value?: unknown; error?: string }>("/execute/async", {
        script,
        args: [],
      });
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value;
    },
    moveTo: (x, y) => act("mouse", "pointer", [move(x, y)]),
    click: (x, y) =>
      act("mouse", "pointer", [
        move(x, y),
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ]),
    type: (text) => act("keyboard", "key", strokes([...text])),
    press: (key) => act("keyboard", "key", strokes([KEYS[key]])),
    screenshot: async () =>
      Buffer.from(await call<string>(session, "GET", "/screenshot"), "base64"),
    resize: (width, height) => post("/window/rect", { width, height }),
    async close() {
      // Ended with its browser; whether that one still answers does not matter.
      await end();
    },
  };
};

async function call<T>(base: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(MOST_PATIENCE),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`WebKit's driver: ${value.error}: ${value.message} (${path})`);
  return value;
}

/** Whatever does not answer in this time never does. */
const MOST_PATIENCE = 60_000;
