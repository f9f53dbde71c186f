import { describe, expect, test } from "vitest";
import { ERRORS, type ErrorCode } from "../../../workers/protocol/errors.ts";
import {
  type Outbox,
  acknowledged,
  assign,
  discard,
  disconnected,
  emptyOutbox,
  enqueue,
  forget,
  nextToAssign,
  refused,
  retry,
  sending,
  tipOf,
  toSend,
} from "./outbox.ts";

const place = (deviceSeq: number) => ({
  deviceSeq,
  payload: new Uint8Array([deviceSeq]),
  digest: new Uint8Array(32).fill(deviceSeq),
});
const states = (outbox: Outbox) => outbox.items.map(({ status }) => status.s);
const queue = (...ids: string[]) => ids.reduce(enqueue, emptyOutbox);
/** all queued ones given a place and put on the wire */
function sent(outbox: Outbox): Outbox {
  let next = outbox;
  for (let id = nextToAssign(next); id !== null; id = nextToAssign(next)) {
    next = assign(next, id, place((tipOf(next)?.deviceSeq ?? 0) + 1));
  }
  return sending(
    next,
    toSend(next, 64).map(({ id }) => id),
  );
}
const ack = (outbox: Outbox, id: string, deviceSeq: number) =>
  acknowledged(outbox, { id, deviceSeq, seq: 10 + deviceSeq, at: 1 });

describe("M6, A4 one message", () => {
  test("A4 queued, assigned, sending, sent, and forgotten once the log brought it back", () => {
    const queued = queue("a");
    expect([states(queued), nextToAssign(queued)]).toEqual([["queued"], "a"]);
    const assigned = assign(queued, "a", place(1));
    expect([states(assigned), toSend(assigned, 64).length]).toEqual([["assigned"], 1]);
    const flying = sending(assigned, ["a"]);
    expect([states(flying), toSend(flying, 64)]).toEqual([["sending"], []]);
    const done = ack(flying, "a", 1);
    expect(done.items[0]?.status).toEqual({ s: "sent", place: place(1), seq: 11, at: 1 });
    expect(done.acknowledged).toEqual({ deviceSeq: 1, digest: place(1).digest });
    expect(forget(done, "a").items).toEqual([]);
    expect(forget(flying, "a")).toBe(flying);
  });

  test("A4 the same id queued twice is one message", () => {
    expect(states(queue("a", "a"))).toEqual(["queued"]);
  });

  test("M6 a place is given in order, and only to the next", () => {
    const one = assign(queue("a", "b"), "a", place(1));
    expect(assign(one, "b", place(3))).toBe(one);
    expect(assign(one, "a", place(2))).toBe(one);
    expect(tipOf(assign(one, "b", place(2)))?.deviceSeq).toBe(2);
  });

  test("M6 unanswered means the same place and P again", () => {
    const back = disconnected(sent(queue("a", "b")));
    expect(states(back)).toEqual(["assigned", "assigned"]);
    expect(toSend(back, 64).map((item) => item.place)).toEqual([place(1), place(2)]);
    expect(toSend(back, 1).map(({ id }) => id)).toEqual(["a"]);
  });

  test("M6 an acknowledgement that comes twice, late or for another place changes nothing", () => {
    const done = ack(sent(queue("a", "b")), "a", 1);
    expect(ack(done, "a", 1)).toBe(done);
    expect(ack(done, "b", 7)).toBe(done);
    expect(ack(done, "none", 1)).toBe(done);
    const late = ack(disconnected(sent(queue("a"))), "a", 1);
    expect(states(late)).toEqual(["sent"]);
  });

  test("M6 acknowledgements out of order leave the tip at the highest", () => {
    const both = ack(ack(sent(queue("a", "b")), "b", 2), "a", 1);
    expect(both.acknowledged?.deviceSeq).toBe(2);
    expect(tipOf(ack(sent(queue("a", "b")), "b", 2))?.deviceSeq).toBe(2);
  });
});

describe("refusals", () => {
  const afterRefusal = (code: ErrorCode) => refused(sent(queue("a", "b", "c")), "a", code, 500);

  test.each(Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS))(
    "M6 %s drops nothing, and nothing overtakes what was refused",
    (code) => {
      const { outbox, next } = afterRefusal(code);
      expect(outbox.items.map(({ id }) => id)).toEqual(["a", "b", "c"]);
      expect(states(outbox)).not.toContain("sending");
      const definitive = ERRORS[code].remedy === "give-up" && code !== "sequence_conflict";
      expect(states(outbox)).toEqual(
        definitive ? ["failed", "queued", "queued"] : ["assigned", "assigned", "assigned"],
      );
      expect(next.do === "nothing").toBe(definitive);
    },
  );

  test("M6 only a definitive refusal frees the place; the next message takes it", () => {
    const { outbox } = afterRefusal("bad_request");
    expect(outbox.items[0]?.status).toEqual({ s: "failed", reason: "bad_request" });
    expect([nextToAssign(outbox), tipOf(outbox)]).toEqual(["b", null]);
    expect(toSend(sending(sent(outbox), []), 64)).toEqual([]);
    const { outbox: kept } = afterRefusal("rate_limited");
    expect(toSend(kept, 64).map((item) => item.place)).toEqual([place(1), place(2), place(3)]);
  });

  test("M7 a stale epoch means the same P, sealed again", () => {
    const { outbox, next } = afterRefusal("stale_epoch");
    expect(next).toEqual({ do: "reseal" });
    expect(toSend(outbox, 64)[0]?.place).toEqual(place(1));
  });

  test("M6 waiting, signing in, updating and enrolling anew are said", () => {
    expect(afterRefusal("rate_limited").next).toEqual({ do: "wait", ms: 500 });
    expect(afterRefusal("unauthenticated").next).toEqual({ do: "sign-in" });
    expect(afterRefusal("unsupported_version").next).toEqual({ do: "update-app" });
    expect(afterRefusal("sequence_conflict").next).toEqual({ do: "enrol-again" });
  });

  test("M6 a refusal of what is not on the wire changes nothing", () => {
    const waiting = disconnected(sent(queue("a")));
    expect(refused(waiting, "a", "bad_request", null).outbox).toBe(waiting);
    const done = ack(sent(queue("a")), "a", 1);
    expect(refused(done, "a", "bad_request", null).outbox).toBe(done);
  });

  test("what failed is kept until the person retries or discards it; what has a place is not discarded", () => {
    const { outbox } = afterRefusal("too_large");
    expect(retry(outbox, "a").items.map(({ id }) => id)).toEqual(["b", "c", "a"]);
    expect(states(retry(outbox, "a"))).toEqual(["queued", "queued", "queued"]);
    expect(discard(outbox, "a").items.length).toBe(2);
    expect(discard(outbox, "b").items.length).toBe(2);
    const flying = sent(queue("a"));
    expect([discard(flying, "a"), retry(flying, "a")]).toEqual([flying, flying]);
  });
});
