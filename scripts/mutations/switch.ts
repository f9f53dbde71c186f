import { deadline } from "./deadline.ts";

/** The guards that are out, and those that were gone through while somebody listens. */
const state = {
  off: new Set<number>() as ReadonlySet<number>,
  reached: null as Set<number> | null,
};

/** A schema's check as zod keeps it. */
interface Check {
  readonly _zod: {
    readonly def: { readonly when?: (payload: unknown) => boolean };
    check(payload: unknown): unknown;
  };
}
type CheckLike = Check | ((payload: unknown) => unknown);

function isOff(guard: number): boolean {
  state.reached?.add(guard);
  if (state.off.size === 0) return false;
  deadline.look();
  return state.off.has(guard);
}

/** A check that another schema may share stays as it is: this is one beside it. */
function guarded(guard: number, check: CheckLike): CheckLike {
  if (typeof check === "function") {
    return (payload: unknown) => (isOff(guard) ? undefined : check(payload));
  }
  const inner = check._zod;
  const { when } = inner.def;
  // A list asks its caps by themselves, before it looks at what is in it.
  const def = when && { ...inner.def, when: (payload: unknown) => !isOff(guard) && when(payload) };
  const _zod = Object.assign(Object.create(Object.getPrototypeOf(inner)), inner, {
    ...(def ? { def } : {}),
    check: (payload: unknown) => (isOff(guard) ? undefined : inner.check(payload)),
  });
  return Object.create(check, { _zod: { value: _zod } }) as Check;
}

Object.assign(globalThis, { thymeGuardIsOff: isOff, thymeGuardedCheck: guarded });

/** Takes these out until the next call. */
export function take(out: readonly number[]): void {
  state.off = new Set(out);
}

/** From here on every guard that is gone through is put into the set. */
export function listen(into: Set<number> | null): void {
  state.reached = into;
}
