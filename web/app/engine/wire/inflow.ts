export interface Inflow {
  /** Begins the work on a frame of so many bytes. False: too much waits already, and this is not done. */
  take(bytes: number, work: () => Promise<unknown>): boolean;
}

/** E1: what came by one socket and is still being dealt with: whoever sends faster than that is not kept up with. */
export function createInflow(most: { readonly bytes: number; readonly frames: number }): Inflow {
  let bytes = 0;
  let frames = 0;
  return {
    take(size, work) {
      if (bytes + size > most.bytes || frames >= most.frames) return false;
      bytes += size;
      frames += 1;
      void work().finally(() => {
        bytes -= size;
        frames -= 1;
      });
      return true;
    },
  };
}
