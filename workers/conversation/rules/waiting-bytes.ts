/** Counts what waits for each of many, so that nobody fills the memory that all share. */
export class WaitingBytes<Who extends object> {
  readonly #most: number;
  readonly #waiting = new Map<Who, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** False: this would be too much for one, and was not counted. What waits alone may have any size. */
  enter(who: Who, bytes: number): boolean {
    const before = this.#waiting.get(who) ?? 0;
    if (before > 0 && before + bytes > this.#most) return false;
    this.#waiting.set(who, before + bytes);
    return true;
  }

  leave(who: Who, bytes: number): void {
    const left = (this.#waiting.get(who) ?? 0) - bytes;
    if (left > 0) this.#waiting.set(who, left);
    else this.#waiting.delete(who);
  }
}
