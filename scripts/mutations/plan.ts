/** What a run tries. Guards are named by their numbers, tests by file and title. */
export interface Plan {
  /** what no test has missed yet */
  readonly alive: readonly Alive[];
  /** near: shown to the tests of the guard's own folder alone; far: to those of others */
  readonly where: "near" | "far" | "anywhere";
  /** which of these tests are for it, in milliseconds they take */
  readonly slowerThan: number;
  readonly notSlowerThan: number;
  /** a guard that passed so many tests of this run is left for another */
  readonly tries: number;
  /** null: all tests that there are; or these, by `file > title` */
  readonly only: readonly string[] | null;
  /** guards that are taken out together, and the test that has to fail then; nothing else is tried */
  readonly together: readonly Together[];
  /** the longest that one test goes on trying, in milliseconds */
  readonly budget: number;
}

export interface Alive {
  readonly guard: number;
  readonly folder: string;
}

export interface Together {
  readonly guards: readonly number[];
  /** `file > title` */
  readonly test: string;
}

/** What came of it in one test: `task.meta.mutants`. */
export interface Found {
  /** guards that it went through while all stood */
  readonly reached: readonly number[];
  /** guards without which it fails */
  readonly missed: readonly number[];
  /** guards without which it passed */
  readonly passed: readonly number[];
  /** failed, but so it did afterwards with every guard in place: to be tried again, in a process of its own */
  readonly unsure: readonly number[];
  readonly together: readonly { readonly guards: readonly number[]; readonly isMissed: boolean }[];
  readonly ms: number;
}

declare module "vitest" {
  interface ProvidedContext {
    mutations: Plan;
  }
  interface TaskMeta {
    mutants?: Found;
  }
}
