import type { Identity } from "./identity.ts";
import type { NewStanding } from "./watch-standing.ts";

interface Surroundings {
  /** somebody signed out, or in, or new keys came, since this identity began to work */
  readonly isOver: () => boolean;
  /** what is stored stays until somebody signs in */
  readonly stop: () => void;
  readonly save: (as: Identity) => Promise<void>;
  /** works on as this one, in place of the one before */
  readonly work: (as: Identity) => Promise<unknown>;
}

/** K3: a device that is gone stops; one with new user keys keeps them before it works on with them. */
export const standAnew =
  (as: Identity, { isOver, stop, save, work }: Surroundings) =>
  async (now: NewStanding): Promise<void> => {
    if (isOver()) return;
    if (now.standing === "gone") return stop();
    const next = { ...as, userKeys: now.userKeys };
    await save(next);
    await work(next);
  };
