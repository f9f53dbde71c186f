import type { Core } from "../core.ts";
import { fileTotalTask } from "./file-total.ts";
import { erasureTask } from "./erase.ts";
import { flushDueAt, flushTask, settleTask } from "./flush.ts";
import { invitationsTask } from "./invitations.ts";
import { Notifier, isUntold, notifyTask } from "./notifier.ts";
import { orphansTask } from "./orphans.ts";
import { reportTask } from "./report.ts";
import { TUNING } from "../settings.ts";
import { blobsTask } from "./sweep-blobs.ts";
import type { Task } from "./task.ts";

/** One after the other in each line, the lines side by side: only what a flush has brought to D1 is removed there (M5). */
const LINES: readonly (readonly Task[])[] = [
  [flushTask, erasureTask],
  [notifyTask],
  [invitationsTask],
  [orphansTask],
  [blobsTask, fileTotalTask],
];
/** After those: they tell and store what came of them. */
const LAST: readonly Task[] = [reportTask, settleTask];
const TASKS: readonly Task[] = [...LINES.flat(), ...LAST];

/**
 * What happens beside the conversation: archive, Inboxes, D1's invitations and registry, orphans. The alarm sees to
 * all of it and never throws: the platform drops an alarm that fails some times. While anything is due there is an
 * alarm, which a new instance makes sure of as well.
 */
export class Background {
  readonly #core: Core;
  readonly #notifier: Notifier;
  #outbox: Promise<void> | null = null;
  #isRunning = false;
  #running: Promise<void> | null = null;

  constructor(core: Core) {
    this.#core = core;
    this.#notifier = new Notifier(() => this.#attempt(notifyTask, "tell"));
  }

  /** A new instance: the alarm may have been dropped. Reads it, so before anything else. */
  async resume(): Promise<void> {
    const core = this.#core;
    if (!core.isWritten) return;
    await core.learnAlarm();
    // If it is the alarm that woke the instance, what it leaves undone is armed for at its end.
    setTimeout(() => {
      if (!this.#isRunning) this.rearm();
    }, 0);
  }

  /** In the turn of a commit: whatever fails from here on, the alarm comes. */
  committed(): void {
    const core = this.#core;
    core.wakeAt(Math.max(core.outages.retryAt("archive"), flushDueAt(core.get(), core.deps.now())));
    this.#notifier.poke();
    void core.reportSpending();
  }

  /** Somebody is back: perhaps from a crash that came between a commit and what the Inboxes are told of it. */
  welcomed(): void {
    if (isUntold(this.#core)) this.#notifier.poke();
  }

  /** Tells D1 of invitations and of the conversation; one run at a time. Never rejects. */
  drainOutbox(): Promise<void> {
    this.#outbox ??= this.#attempt(invitationsTask)
      .then(() => this.#attempt(reportTask))
      .finally(() => {
        this.#outbox = null;
      });
    return this.#outbox;
  }

  /** Whether D1 is still to be told of something. */
  get isOutboxDue(): boolean {
    return [invitationsTask, reportTask].some((task) => task.dueAt(this.#core) !== null);
  }

  /** Does what waits, whatever was tried a moment ago, and lets the registry know how it stands. Never rejects. */
  async catchUp(): Promise<void> {
    const { memory, outages, isWritten } = this.#core;
    if (!isWritten) return;
    outages.hurry();
    if (memory) memory.isReportDue = true;
    await this.#work();
  }

  async alarm(): Promise<void> {
    this.#core.alarmTaken();
    if (this.#core.isWritten) await this.#work();
  }

  /** One run at a time: the cron may come while the alarm runs, and would do the same again. */
  #work(): Promise<void> {
    this.#running = (this.#running ?? Promise.resolve()).then(() => this.#workOnce());
    return this.#running;
  }

  async #workOnce(): Promise<void> {
    const core = this.#core;
    this.#isRunning = true;
    try {
      await Promise.all(LINES.map((line) => this.#inTurn(line)));
      await this.#inTurn(LAST);
      // A conversation whose bundle 0 was never committed leaves no storage behind.
      if (core.isWritten && !core.memory && orphansTask.dueAt(core) === null) await core.forget();
    } catch (error) {
      core.outages.failed("storage", "alarm", error, core.deps.now(), core.deps.random());
    } finally {
      this.#isRunning = false;
      this.rearm();
    }
  }

  async #inTurn(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      if (task === invitationsTask) await this.drainOutbox();
      else await this.#attempt(task);
    }
  }

  /** Never rejects. */
  async #attempt(task: Task, how: "run" | "tell" = "run"): Promise<void> {
    const core = this.#core;
    const { outages, deps } = core;
    if (outages.retryAt(task.neighbour) > deps.now()) return;
    try {
      if (how === "run" && task.dueAt(core) === null) return;
      await (how === "tell" ? this.#notifier.tell(core) : task.run(core));
      outages.reached(task.neighbour, deps.now());
    } catch (error) {
      outages.failed(task.neighbour, task.name, error, deps.now(), deps.random());
      if (!this.#isRunning) this.rearm();
    }
  }

  /** Sets the alarm for what is due first, if anything is. Never throws. */
  rearm(): void {
    const core = this.#core;
    if (!core.isWritten) return;
    const now = core.deps.now();
    const due = TASKS.flatMap((task) => {
      try {
        const at = task.dueAt(core);
        return at === null
          ? []
          : [{ task, at: Math.max(at, core.outages.retryAt(task.neighbour)) }];
      } catch (error) {
        core.outages.failed(task.neighbour, task.name, error, now, core.deps.random());
        return [{ task, at: core.outages.retryAt(task.neighbour) }];
      }
    });
    core.outages.only(
      due.map(({ task }) => task.neighbour),
      now,
    );
    if (due.length === 0) return;
    const first = Math.min(...due.map(({ at }) => at));
    core.wakeAt(Math.max(now + TUNING.soonMs, first));
  }
}
