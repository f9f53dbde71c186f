/** Many may read at once, one alone may write, in the order in which they asked. */
export interface Turns {
  read<T>(work: () => Promise<T>): Promise<T>;
  write<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  let lastWrite: Promise<unknown> = Promise.resolve();
  let reads: Promise<unknown> = Promise.resolve();
  return {
    read(work) {
      const turn = lastWrite.then(work);
      reads = Promise.allSettled([reads, turn]);
      return turn;
    },
    write(work) {
      const turn = Promise.all([lastWrite, reads]).then(work);
      lastWrite = turn.catch(() => undefined);
      reads = Promise.resolve();
      return turn;
    },
  };
}
