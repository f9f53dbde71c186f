import { describe, expect, test } from "vitest";
import { Intake, type Job, type Later } from "./intake.ts";
import { RequestPeer } from "../../objects/peer.ts";

const peer = (fill: number) =>
  new RequestPeer({
    account: new Uint8Array(32).fill(fill),
    device: new Uint8Array(32).fill(fill),
    session: "s",
    address: "a",
  });

const frame = (seq: number) => ({ t: "received", seq }) as const;

function setUp(laterAt: number | null = null, failsAt: number | null = null) {
  const turns: Job[][] = [];
  const failed: number[] = [];
  let commit: () => void = () => undefined;
  let finish: () => void = () => undefined;
  const intake = new Intake(
    (body) => {
      const jobs: Job[] = [];
      let isFailing = false;
      body((job): Later | null => {
        if (job.frame.t === "received" && job.frame.seq === failsAt) isFailing = true;
        jobs.push(job);
        const isLater = job.frame.t === "received" && job.frame.seq === laterAt;
        return isLater ? () => new Promise<void>((resolve) => (finish = resolve)) : null;
      });
      if (isFailing) return null;
      turns.push(jobs);
      return true;
    },
    (work) => (commit = work),
    (job) => failed.push("seq" in job.frame ? job.frame.seq : 0),
  );
  const settle = async (step: () => void) => {
    step();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const seqs = () =>
    turns.map((jobs) => jobs.map((job) => ("seq" in job.frame ? job.frame.seq : 0)));
  return {
    intake,
    seqs,
    failed,
    commit: () => settle(() => commit()),
    finish: () => settle(() => finish()),
  };
}

describe("group commit", () => {
  test("at once when idle; what comes before the next turn of the event loop shares the next one, by peer", async () => {
    const { intake, seqs, commit } = setUp();
    const [a, b] = [peer(1), peer(2)];
    intake.push({ peer: a, frame: frame(1) });
    expect(seqs()).toEqual([[1]]);
    intake.push({ peer: a, frame: frame(2) });
    intake.push({ peer: b, frame: frame(3) });
    intake.push({ peer: a, frame: frame(4) });
    expect(seqs()).toEqual([[1]]);
    await commit();
    expect(seqs()).toEqual([[1], [2, 4, 3]]);
    await commit();
    intake.push({ peer: b, frame: frame(5) });
    expect(seqs().at(-1)).toEqual([5]);
  });

  test("a peer's frames stay in order behind one that waits for a neighbour; others go on", async () => {
    const { intake, seqs, commit, finish } = setUp(1);
    const [a, b] = [peer(1), peer(2)];
    intake.push({ peer: a, frame: frame(1) });
    await commit();
    intake.push({ peer: a, frame: frame(2) });
    intake.push({ peer: b, frame: frame(3) });
    await commit();
    expect(seqs().flat()).toEqual([1, 3]);
    await finish();
    await commit();
    expect(seqs().flat()).toEqual([1, 3, 2]);
  });

  test("a frame that cannot be handled takes no other frame of its commit along", async () => {
    const { intake, seqs, failed, commit } = setUp(null, 3);
    const done: number[] = [];
    const push = (fill: number, seq: number) =>
      intake.push({ peer: peer(fill), frame: frame(seq), done: () => done.push(seq) });
    push(1, 1);
    push(1, 2);
    push(2, 3);
    push(3, 4);
    await commit();
    expect(seqs()).toEqual([[1], [2], [4]]);
    expect(failed).toEqual([3]);
    expect(done).toEqual([1, 2, 3, 4]);
  });
});
