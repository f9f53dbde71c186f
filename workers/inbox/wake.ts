/** The object's one alarm, for all that wait for it: it comes at the earliest time that was asked for. */
export class Wake {
  readonly #storage: DurableObjectStorage;
  #last: Promise<void> = Promise.resolve();

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  async #bring(time: number): Promise<void> {
    const set = await this.#storage.getAlarm();
    if (set === null || time < set) await this.#storage.setAlarm(time);
  }

  /** One after the other: of two that find no alarm the later one would take the place of the earlier. */
  at(time: number): Promise<void> {
    const mine = this.#last.then(() => this.#bring(time));
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
