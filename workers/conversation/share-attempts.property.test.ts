import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { equalBytes } from "../protocol/bytes.ts";
import { TUNING } from "./settings.ts";
import { type ShareKeeper, endAttempt, putShare, sweepShares } from "./share-attempts.ts";
import { type AttemptName, type ShareName, shareKey, shareNamed } from "./shares.ts";

const RUNS = 10_000;
const MINUTE = 60_000;
const CONVERSATION = new Uint8Array(32).fill(1);
const hashOf = (bundle: number) => new Uint8Array(32).fill(bundle);
/** committed by a build before attempts; 0 to 2 want to follow it */
const OLD_HEAD = 9;

/** Something that R2 was asked for: it happens, and it is answered; by an instance that is gone it is awaited no more. */
interface Asked {
  readonly at: number;
  readonly apply: () => void;
  readonly answer: PromiseWithResolvers<void>;
  isDone: boolean;
  isAwaited: boolean;
}

type Answers = "once it is done" | "at once";

/** Tables and R2 outlive an instance; its memory and what it awaits do not. Each turn of the model is stored whole. */
class World {
  now = 0;
  readonly objects = new Set<string>();
  readonly intents = new Map<string, { readonly name: ShareName; readonly at: number }>();
  /** row of a committed bundle: which attempt */
  readonly rows = new Map<number, Uint8Array | null>();
  head = OLD_HEAD;
  asked: Asked[] = [];
  failsToStore = false;
  keeper: ShareKeeper;

  constructor(readonly answers: Answers) {
    this.keeper = this.#instance();
    this.rows.set(OLD_HEAD, null);
    // What a build before attempts left: the share of its head, and an orphan of a bundle that comes again.
    for (const bundle of [OLD_HEAD, 0]) {
      const name = { kind: "bundle", bundle: hashOf(bundle) } as const;
      this.objects.add(shareKey(name));
      this.intents.set(shareKey(name), { name, at: 0 });
    }
  }

  #ask(apply: () => void): Promise<void> {
    const answer = Promise.withResolvers<void>();
    this.asked.push({ at: this.now, apply, answer, isDone: false, isAwaited: true });
    return answer.promise;
  }

  #instance(): ShareKeeper {
    const { intents, rows, objects } = this;
    return {
      deps: {
        now: () => this.now,
        shares: {
          put: (name) => this.#ask(() => objects.add(shareKey(name))),
          delete: (name) => this.#ask(() => objects.delete(shareKey(name))),
          get: () => Promise.reject(new Error("nobody reads here")),
        },
      },
      stores: {
        ledger: {
          putIntent: (name, at) => void intents.set(shareKey(name), { name, at }),
          deleteIntent: (name) => void intents.delete(shareKey(name)),
          intentsUntil: (time, limit) =>
            [...intents.values()]
              .filter(({ at }) => at <= time)
              .slice(0, limit)
              .map(({ name }) => name),
          oldestIntent: () =>
            intents.size === 0 ? null : Math.min(...Array.from(intents.values(), ({ at }) => at)),
        },
        bundles: {
          byHash(hash) {
            const attempt = rows.get(hash[0] ?? 0);
            return attempt === undefined ? null : { attempt };
          },
        },
      },
      uploading: new Set(),
      wakeAt() {},
    };
  }

  /** As accept-bundle.ts goes about it, without what it checks. */
  async upload(bundle: number): Promise<void> {
    const { keeper } = this;
    const hash = hashOf(bundle);
    if (this.head !== OLD_HEAD) return;
    let name: AttemptName;
    try {
      name = await putShare(keeper, CONVERSATION, hash, hash);
    } catch {
      return;
    }
    this.#commit(keeper, bundle, name);
    await endAttempt(keeper, name);
  }

  #commit(keeper: ShareKeeper, bundle: number, name: AttemptName): void {
    const isStored = !this.failsToStore;
    this.failsToStore = false;
    if (!isStored || this.head !== OLD_HEAD) return;
    this.head = bundle;
    this.rows.set(bundle, name.attempt);
    keeper.stores.ledger.deleteIntent(name);
  }

  sweep(): void {
    // The alarm comes again.
    sweepShares(this.keeper).catch(() => null);
  }

  crash(): void {
    for (const asked of this.asked) this.#leave(asked);
    this.#tidy();
    this.keeper = this.#instance();
  }

  /** What nobody awaits any more happens within the time that a sweep waits; what somebody awaits may hang for days. */
  #leave(asked: Asked): void {
    asked.isAwaited = false;
    if (this.now - asked.at >= TUNING.orphanMs) this.#do(asked);
  }

  #do(asked: Asked): void {
    if (!asked.isDone) asked.apply();
    asked.isDone = true;
  }

  #tidy(): void {
    this.asked = this.asked.filter(({ isDone, isAwaited }) => !isDone || isAwaited);
  }

  happens(which: number): void {
    const waiting = this.asked.filter(({ isDone }) => !isDone);
    const asked = waiting[which % waiting.length];
    if (asked) this.#do(asked);
    this.#tidy();
  }

  /** What fails may have happened, may never, or later. */
  answer(which: number, how: "ok" | "fails" | "fails, later happens"): void {
    const waiting = this.asked.filter(({ isAwaited }) => isAwaited);
    const asked = waiting[which % waiting.length];
    if (!asked) return;
    if (how === "ok") {
      if (this.answers === "once it is done") this.#do(asked);
      asked.answer.resolve();
    } else asked.answer.reject(new Error("out of reach"));
    if (how === "fails") asked.isDone = true;
    this.#leave(asked);
    this.#tidy();
  }

  pass(ms: number): void {
    for (const asked of this.asked.filter(({ isAwaited }) => !isAwaited)) this.#do(asked);
    this.#tidy();
    this.now += ms;
  }

  #nameOf([bundle, attempt]: [number, Uint8Array | null]): string {
    return shareKey(shareNamed(CONVERSATION, { hash: hashOf(bundle), attempt }));
  }

  /** A bundle whose share is not where its row says reads as erased. */
  get lost(): string[] {
    return Array.from(this.rows, this.#nameOf).filter((key) => !this.objects.has(key));
  }

  /** Objects that no row names. */
  get orphans(): string[] {
    const named = new Set(Array.from(this.rows, this.#nameOf));
    return [...this.objects].filter((key) => !named.has(key));
  }
}

const which = fc.nat(7);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("upload" as const), bundle: fc.nat(2) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("happens" as const), which }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      which,
      how: fc.oneof(
        { weight: 4, arbitrary: fc.constant("ok" as const) },
        { weight: 1, arbitrary: fc.constantFrom("fails", "fails, later happens") },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "sweep" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "crash" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "storage fails" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.constantFrom(MINUTE, 11 * MINUTE),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(world: World, next: Step): void {
  switch (next.kind) {
    case "upload":
      void world.upload(next.bundle);
      return;
    case "happens":
      return world.happens(next.which);
    case "answer":
      return world.answer(next.which, next.how);
    case "sweep":
      return world.sweep();
    case "crash":
      return world.crash();
    case "storage fails":
      world.failsToStore = true;
      return;
    case "pass":
      return world.pass(next.ms);
  }
}

/** Whatever has been answered is gone on with. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

async function answerAll(world: World): Promise<void> {
  while (world.asked.some(({ isAwaited }) => isAwaited)) {
    world.answer(0, "ok");
    await settled();
  }
}

/** A day on which R2 and storage work again, and the alarm comes every ten minutes or so. */
async function aDay(world: World): Promise<void> {
  world.failsToStore = false;
  await answerAll(world);
  for (let passed = 0; passed < 24 * 60; passed += 12) {
    world.pass(12 * MINUTE);
    if (world.keeper.stores.ledger.oldestIntent() === null && world.asked.length === 0) continue;
    world.sweep();
    await settled();
    await answerAll(world);
  }
}

const interleaving = fc.array(step, { minLength: 4, maxLength: 30 });

/** Every committed bundle has its share, whenever one looks. */
async function play(steps: readonly Step[], answers: Answers): Promise<World> {
  const world = new World(answers);
  for (const next of steps) {
    take(world, next);
    await settled();
    expect(world.lost).toEqual([]);
  }
  return world;
}

const keepsShares = (answers: Answers) =>
  fc.asyncProperty(interleaving, async (steps) => {
    await play(steps, answers);
  });

const keepsSharesAndTidies = () =>
  fc.asyncProperty(interleaving, async (steps) => {
    const world = await play(steps, "once it is done");
    await aDay(world);
    expect(world.orphans).toEqual([]);
    expect(world.intents.size).toBe(0);
    // Nothing of it stands in the way of the bundle that is sent again: some bundle gets in.
    void world.upload(0);
    await settled();
    await answerAll(world);
    expect(world.head).not.toBe(OLD_HEAD);
    expect(world.lost).toEqual([]);
    expect(world.orphans).toEqual([]);
  });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("C7 over any interleaving of upload, sweep, crash, stale and resend", () => {
  test("every committed bundle has its share, and no orphan outlives a day", async () => {
    await fc.assert(keepsSharesAndTidies(), { numRuns: RUNS });
  });

  test("one key a bundle, as it was, loses a share: the positive control", async () => {
    vi.spyOn(crypto, "getRandomValues").mockImplementation((bytes) => bytes);
    const { failed } = await fc.check(keepsShares("once it is done"), { numRuns: RUNS });
    expect(failed).toBe(true);
  });

  test("a commit that does not wait for the put loses a share: the positive control", async () => {
    const { failed } = await fc.check(keepsShares("at once"), { numRuns: RUNS });
    expect(failed).toBe(true);
  });
});

test("C7 no two attempts share a key", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const name = fc.record({
    kind: fc.constant("attempt" as const),
    conversation: bytes(32),
    bundle: bytes(32),
    attempt: bytes(16),
  });
  fc.assert(
    fc.property(name, name, bytes(16), (one, other, attempt) => {
      const isSame =
        equalBytes(one.conversation, other.conversation) &&
        equalBytes(one.bundle, other.bundle) &&
        equalBytes(one.attempt, other.attempt);
      expect(shareKey(one) === shareKey(other)).toBe(isSame);
      expect(shareKey({ ...one, attempt }) === shareKey(one)).toBe(
        equalBytes(attempt, one.attempt),
      );
      expect(shareKey({ kind: "bundle", bundle: one.bundle })).not.toBe(shareKey(one));
    }),
  );
});
