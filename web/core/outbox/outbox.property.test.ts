import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ErrorCode } from "../../../workers/protocol/errors.ts";
import {
  type Outbox,
  acknowledged,
  assign,
  disconnected,
  emptyOutbox,
  enqueue,
  nextToAssign,
  refused,
  retry,
  sending,
  tipOf,
  toSend,
} from "./outbox.ts";

interface Frame {
  readonly id: string;
  readonly deviceSeq: number;
  readonly payload: number;
}
type Answer =
  | { readonly kind: "ack"; readonly id: string; readonly deviceSeq: number; readonly seq: number }
  | { readonly kind: "refused"; readonly id: string; readonly code: ErrorCode };

/** M6 as the server has it: last + 1, the same place and id again is acknowledged again. */
class Server {
  readonly log: Frame[] = [];
  take(frames: readonly Frame[], refuse: ErrorCode | null): Answer[] {
    let rest: ErrorCode | null = null;
    return frames.map((frame, i): Answer => {
      const known = this.log[frame.deviceSeq - 1];
      const place = { id: frame.id, deviceSeq: frame.deviceSeq };
      if (rest) return { kind: "refused", id: frame.id, code: rest };
      if (known?.id === frame.id) return { kind: "ack", ...place, seq: frame.deviceSeq };
      if (known) rest = "sequence_conflict";
      else if (frame.deviceSeq !== this.log.length + 1) rest = "out_of_order";
      else if (refuse && i === frames.length >> 1) rest = refuse;
      if (rest) {
        const code = rest;
        rest = code === "stale_epoch" || code === "unavailable" ? code : "out_of_order";
        return { kind: "refused", id: frame.id, code };
      }
      this.log.push(frame);
      return { kind: "ack", ...place, seq: frame.deviceSeq };
    });
  }
}

/** A client whose stored outbox survives, with one ordered connection in each direction. */
class Client {
  stored: Outbox = emptyOutbox;
  readonly up: Frame[][] = [];
  readonly down: Answer[] = [];
  conflicts = 0;
  assigned = 0;

  flush(limit: number): void {
    for (let id = nextToAssign(this.stored); id !== null; id = nextToAssign(this.stored)) {
      const deviceSeq = (tipOf(this.stored)?.deviceSeq ?? 0) + 1;
      const payload = new Uint8Array([++this.assigned & 255, this.assigned >> 8]);
      this.stored = assign(this.stored, id, { deviceSeq, payload, digest: payload });
    }
    const out = toSend(this.stored, limit);
    if (out.length === 0) return;
    this.stored = sending(
      this.stored,
      out.map(({ id }) => id),
    );
    this.up.push(
      out.map(({ id, place }) => ({
        id,
        deviceSeq: place.deviceSeq,
        payload: (place.payload[0] ?? 0) + 256 * (place.payload[1] ?? 0),
      })),
    );
  }
  hear(): void {
    const answer = this.down.shift();
    if (!answer) return;
    if (answer.kind === "ack") {
      this.stored = acknowledged(this.stored, { ...answer, at: 0 });
      return;
    }
    const { outbox, next } = refused(this.stored, answer.id, answer.code, null);
    this.stored = outbox;
    if (next.do === "enrol-again") this.conflicts++;
  }
  /** The connection goes, with whatever was on it; or the tab crashes. */
  cut(): void {
    this.up.length = 0;
    this.down.length = 0;
    this.stored = disconnected(this.stored);
  }
}

const action = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: "write" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("flush" as const),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("deliver" as const),
      refuse: fc.constantFrom<ErrorCode | null>(
        null,
        null,
        null,
        "rate_limited",
        "stale_epoch",
        "unavailable",
        "bad_request",
        "too_large",
      ),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: "hear" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "cut" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "retry" } as const) },
);

test("M6 whatever is refused, cut or answered late: each message arrives once, in order, none is lost", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
      const server = new Server();
      const client = new Client();
      let written = 0;
      const deliver = (refuse: ErrorCode | null) => {
        const frames = client.up.shift();
        if (frames) client.down.push(...server.take(frames, refuse));
      };
      for (const step of actions) {
        if (step.do === "write") client.stored = enqueue(client.stored, `m${written++}`);
        else if (step.do === "flush") client.flush(step.limit);
        else if (step.do === "deliver") deliver(step.refuse);
        else if (step.do === "hear") client.hear();
        else if (step.do === "cut") client.cut();
        else {
          for (const { id, status } of client.stored.items) {
            if (status.s === "failed") client.stored = retry(client.stored, id);
          }
        }
      }
      // From here on nothing fails: everything not definitively refused has to arrive.
      for (let round = 0; round < 4 * (written + 1); round++) {
        client.flush(64);
        while (client.up.length > 0) deliver(null);
        while (client.down.length > 0) client.hear();
      }
      const arrived = server.log.map(({ id }) => id);
      expect(new Set(arrived).size).toBe(arrived.length);
      const kept = client.stored.items;
      expect(kept.length).toBe(written);
      for (const { id, status } of kept) {
        expect(["sent", "failed"]).toContain(status.s);
        expect(arrived.includes(id)).toBe(status.s === "sent");
        if (status.s !== "sent") continue;
        const taken = server.log[status.place.deviceSeq - 1];
        expect(taken?.id).toBe(id);
        expect(taken?.payload).toBe(
          (status.place.payload[0] ?? 0) + 256 * (status.place.payload[1] ?? 0),
        );
      }
      const order = kept.filter(({ status }) => status.s === "sent").map(({ id }) => id);
      expect(arrived).toEqual(order);
      expect(client.conflicts).toBe(0);
    }),
    { numRuns: 3000 },
  );
});
