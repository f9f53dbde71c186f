/** What was answered how often, and what should not have been answered. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly wrongs: string[] = [];

  note(outcome: string): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  wrong(what: string): void {
    if (this.wrongs.length < 50) this.wrongs.push(what);
  }

  toString(): string {
    const rows = [...this.#counts].toSorted(([, a], [, b]) => b - a);
    return rows.map(([outcome, count]) => `${outcome} ${count}`).join(", ");
  }
}
