import { toBase64url } from "../../protocol/bytes.ts";
import type { Core } from "../core.ts";
import { drainErasures } from "./erase.ts";
import { flush, settle } from "./flush.ts";
import { Notifier } from "./notifier.ts";
import { TUNING, backoffMs } from "../settings.ts";

/** C7: deletes shares whose bundle lost or never came. False if R2 was out of reach. */
async function sweepShares(core: Core): Promise<boolean> {
  let isDone = true;
  for (const hash of core.stores.ledger.intentsBefore(core.deps.now() - TUNING.orphanMs)) {
    const name = toBase64url(hash);
    core.sweeping.add(name);
    try {
      if (!core.stores.bundles.byHash(hash)) await core.deps.shares.delete(hash);
      core.stores.ledger.deleteIntent(hash);
    } catch {
      isDone = false;
    }
    core.sweeping.delete(name);
  }
  return isDone;
}

/** What happens beside the conversation: archive, Inboxes, D1's invitations, orphans. The alarm sees to all of it. */
export class Background {
  readonly notifier: Notifier;
  readonly #core: Core;
  #outbox: Promise<boolean> | null = null;
  #failures = 0;
  #retryAt = 0;

  constructor(core: Core) {
    this.#core = core;
    this.notifier = new Notifier(core);
  }

  /** In the turn of a commit: whatever fails from here on, the alarm comes. */
  committed(): void {
    this.#core.wakeAt(Math.max(this.#retryAt, this.#core.deps.now() + TUNING.flushAfterMs));
    this.notifier.poke();
    void this.#core.reportSpending();
  }

  /** Tells D1 of invitations, in order; one run at a time. False if D1 was out of reach. */
  drainOutbox(): Promise<boolean> {
    this.#outbox ??= this.#runOutbox().finally(() => {
      this.#outbox = null;
    });
    return this.#outbox;
  }

  async #runOutbox(): Promise<boolean> {
    const core = this.#core;
    const memory = core.memory;
    if (!memory) return true;
    for (;;) {
      const entries = core.stores.ledger.queued();
      if (entries.length === 0) return true;
      for (const { id, task } of entries) {
        try {
          await core.deps.tell(memory.conversation, task);
        } catch {
          return false;
        }
        core.stores.ledger.unqueue(id);
      }
    }
  }

  /** One after the other: only what a flush has brought to D1 can be removed there (M5). */
  async #archive(): Promise<boolean> {
    const isFlushed = await flush(this.#core);
    return (await drainErasures(this.#core)) && isFlushed;
  }

  async alarm(): Promise<void> {
    const core = this.#core;
    core.alarmTaken();
    const done = await Promise.all([
      this.#archive(),
      this.notifier.once(),
      this.drainOutbox(),
      sweepShares(core),
    ]);
    settle(core);
    const isDone = done.every(Boolean);
    this.#failures = isDone ? 0 : this.#failures + 1;
    const now = core.deps.now();
    this.#retryAt = isDone ? 0 : now + backoffMs(this.#failures);
    if (!isDone) core.wakeAt(this.#retryAt);
    const memory = core.memory;
    if (memory && memory.flushed < memory.last.seq) {
      core.wakeAt(Math.max(this.#retryAt, now + TUNING.flushAfterMs));
    }
    await this.#orphans(now);
  }

  async #orphans(now: number): Promise<void> {
    const core = this.#core;
    if (core.stores.ledger.countIntents() > 0) core.wakeAt(now + TUNING.orphanMs);
    // A conversation whose bundle 0 was never committed leaves no storage behind.
    else if (!core.memory) await core.storage.deleteAll();
  }
}
