import type { Tab } from "./tab.ts";

interface Watch {
  /** How many answers each command has had since the watch began. */
  readonly answers: Map<number, number>;
  readonly names: Map<number, string>;
}

declare global {
  var answerWatch: Watch | undefined;
}

/** From now on the page counts how often the engine answers each command. */
export const watchAnswers = (tab: Tab): Promise<void> =>
  tab.run(() => {
    const watch = { answers: new Map<number, number>(), names: new Map<number, string>() };
    globalThis.answerWatch = watch;
    const workers = new Set<Worker>();
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, given: unknown, ...rest: never[]) {
      if (!workers.has(this)) {
        workers.add(this);
        this.addEventListener("message", ({ data }: MessageEvent<{ id?: number }>) => {
          const { id } = data;
          if (id === undefined) return;
          watch.answers.set(id, (watch.answers.get(id) ?? 0) + 1);
        });
      }
      const { id, name } = given as { id: number; name: string };
      watch.names.set(id, name);
      return Reflect.apply(post, this, [given, ...rest]);
    };
  });

/** What was asked of the engine since, each by its name and with the number of its answers. */
export const answersSince = (tab: Tab): Promise<{ name: string; answers: number }[]> =>
  tab.run(() => {
    const watch = globalThis.answerWatch;
    return [...(watch?.names ?? [])].map(([id, name]) => ({
      name,
      answers: watch?.answers.get(id) ?? 0,
    }));
  });
