import type { StoreHealth } from "../../app/view.ts";

/** What can be said of this device, in one line: of its clock (T1), its store (E1), its sign-in (K2). */
export type DeviceLine = "setClock" | "madeRoom" | Exclude<StoreHealth, "whole">;

/** How this device stands. */
export interface DeviceStanding {
  readonly clockAhead: boolean;
  readonly health: StoreHealth;
  readonly madeRoom: boolean;
}

/** Lines that say what is over: whoever has read one closes it. */
export const isClosable = (line: DeviceLine): boolean => line === "mended" || line === "madeRoom";

/** The one line that is said, the most pressing first; null: none. */
export function deviceLine(
  { clockAhead, health, madeRoom }: DeviceStanding,
  closed: readonly DeviceLine[],
): DeviceLine | null {
  if (clockAhead) return "setClock";
  if (health !== "whole" && !closed.includes(health)) return health;
  return madeRoom && !closed.includes("madeRoom") ? "madeRoom" : null;
}

/** What was closed and stays so: the next damage, and the next sign-in that makes room, are said again. */
export const stillClosed = (
  { health, madeRoom }: DeviceStanding,
  closed: readonly DeviceLine[],
): readonly DeviceLine[] =>
  closed.filter((line) => (line === "madeRoom" ? madeRoom : health !== "mending"));
