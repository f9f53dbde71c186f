import { beforeEach, expect, test } from "vitest";
import { engineAt } from "./engine-port.ts";
import type { FromEngine, ToEngine } from "./rpc.ts";
import { C1 } from "./ids.test-kit.ts";

/** What stands in for the engine's worker: it keeps what it was asked, and answers when it is told to. */
class FakeWorker extends EventTarget {
  readonly asked: ToEngine[] = [];
  isEnded = false;
  postMessage(message: ToEngine): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.isEnded = true;
  }
  say(data: FromEngine): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

let workers: FakeWorker[];
const engine = () =>
  engineAt(
    () => undefined,
    () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  );
const names = (worker?: FakeWorker) => worker?.asked.map(({ name }) => name);

beforeEach(() => {
  workers = [];
});

test("a rest ends the engine, and what is asked from then on waits for the next one", async () => {
  const port = engine();
  port.start();
  port.rest();
  expect(workers[0]?.isEnded).toBe(true);
  const answer = port.ask("draftOf", C1);
  expect(workers).toHaveLength(1);
  port.renew();
  expect(names(workers[1])).toEqual(["draftOf"]);
  const id = workers[1]?.asked[0]?.id ?? 0;
  const value = { text: "Oats", at: 3 };
  workers[1]?.say({ id, outcome: { ok: true, value } });
  expect(await answer).toEqual({ ok: true, value });
});

test("what an ended engine did not answer is asked again where twice is no more than once", async () => {
  const port = engine();
  const message = { key: "k", conversation: C1, text: "Oats", left: { text: "", seen: 0 } };
  const sent = port.ask("send", message);
  const invited = port.ask("invitePatient", "Ana M.");
  const typing = port.ask("typing", true);
  port.rest();
  port.renew();
  expect(workers[1]?.asked).toEqual([workers[0]?.asked[0]]);
  // Whether a patient was invited nobody can tell: the person is told so, and looks.
  expect(await invited).toEqual({ ok: false, problem: "interrupted" });
  expect((await typing).ok).toBe(true);
  workers[0]?.say({ id: 1, outcome: { ok: false, problem: "internal" } });
  workers[1]?.say({ id: 1, outcome: { ok: true, value: null } });
  expect(await sent).toEqual({ ok: true, value: null });
});

test("an engine that did not rest goes on when the page is shown again", () => {
  const port = engine();
  port.start();
  port.renew();
  expect(workers).toHaveLength(1);
  expect(workers[0]?.isEnded).toBe(false);
});
