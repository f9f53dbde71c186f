import { setTimeout as pause } from "node:timers/promises";
import { getByRoleSelector, getByTextSelector } from "ivya";
import { finderScript } from "./finder.ts";
import type { InPage, Spot } from "./in-page.ts";
import type { Engine, EngineName, Key, Wire } from "./wire.ts";

/** Where something is on the page: found by what people and assistive technology call it. */
export type Place = string;

type Named = { readonly exact?: boolean };

/** An element with this role and accessible name. */
export const role = (kind: string, name?: string | RegExp, { exact = false }: Named = {}): Place =>
  getByRoleSelector(kind, name === undefined ? {} : { name, exact });

/** The innermost element with exactly this text. */
export const text = (wanted: string | RegExp): Place => getByTextSelector(wanted, { exact: true });

/** A place inside another one. */
export const within = (outer: Place, inner: Place): Place => `${outer} >> ${inner}`;

/**
 * States come at once, or as late as the machine is slow; and after a server's return Firefox keeps a socket waiting
 * for up to a minute by itself.
 */
const PATIENCE_MS = 90_000;
const BETWEEN_MS = 40;

/** One person's page in one engine. Everything waits for the state that it needs and says what kept it. */
export class Tab {
  readonly engine: EngineName;
  readonly origin: string;
  readonly #wire: Wire;

  private constructor(engine: EngineName, origin: string, wire: Wire) {
    this.engine = engine;
    this.origin = origin;
    this.#wire = wire;
  }

  /** A page for somebody new, with storage of their own. */
  static async open(engine: Engine, origin: string): Promise<Tab> {
    return new Tab(engine.name, origin, await engine.newPage());
  }

  /** Opens an address of the app, as one that was typed. */
  async goto(path: string): Promise<void> {
    await this.#wire.open(new URL(path, this.origin).href);
    await this.errors();
  }

  async reload(): Promise<void> {
    await this.#wire.reload();
    await this.errors();
  }

  /** Leaves for another address as a link does; the page that is left may be kept alive. */
  async leaveFor(path: string): Promise<void> {
    const url = new URL(path, this.origin).href;
    await this.run((to: string) => void setTimeout(() => (location.href = to)), url);
    await this.until(
      (to: string) => location.href === to && document.readyState === "complete",
      url,
    );
  }

  /** One page back, as the browser's own button. */
  async back(): Promise<void> {
    const from = await this.run(() => location.href);
    await this.run(() => void setTimeout(() => history.back()));
    await this.until((left: string) => location.href !== left, from);
  }

  async click(place: Place): Promise<void> {
    await this.#wire.click(...(await this.#spot(place)));
  }

  async hover(place: Place): Promise<void> {
    await this.#wire.moveTo(...(await this.#spot(place)));
  }

  /** Replaces what a field holds, letter by letter. */
  async fill(place: Place, value: string): Promise<void> {
    await this.#eventually(`${place} takes no text`, async () => {
      const why = await this.#ask((page, at) => page.select(at), place);
      return why === null ? { done: null } : { why };
    });
    await this.#wire.type(value);
    await this.holds(place, value);
  }

  /** Resolves when this stands in the field. */
  async holds(place: Place, value: string): Promise<void> {
    await this.#eventually(`${place} does not hold ${value}`, async () => {
      const found = await this.value(place);
      return found === value ? { done: null } : { why: `it holds ${found}` };
    });
  }

  type = (value: string): Promise<void> => this.#wire.type(value);
  press = (key: Key): Promise<void> => this.#wire.press(key);
  screenshot = (): Promise<Uint8Array> => this.#wire.screenshot();
  resize = (width: number, height: number): Promise<void> => this.#wire.resize(width, height);
  close = (): Promise<void> => this.#wire.close();

  value = (place: Place): Promise<string> => this.#ask((page, at) => page.value(at), place);
  texts = (place: Place): Promise<string[]> => this.#ask((page, at) => page.texts(at), place);
  count = (place: Place): Promise<number> => this.#ask((page, at) => page.count(at), place);

  /** Resolves when it is on the page to be seen. */
  sees = (place: Place): Promise<void> => this.#counts(place, (count) => count > 0);
  seesNoMore = (place: Place): Promise<void> => this.#counts(place, (count) => count === 0);

  /** Uncaught errors and violations of the policy since the page was loaded. */
  errors = (): Promise<readonly string[]> => this.#ask((page) => page.errors, "");

  /** The value of a function in the page. Nothing but its arguments comes with it. */
  run<A extends readonly unknown[], T>(work: (...args: A) => T, ...args: A): Promise<Awaited<T>> {
    const given = args.map((arg) => JSON.stringify(arg)).join(", ");
    return this.#wire.evaluate(`(${String(work)})(${given})`) as Promise<Awaited<T>>;
  }

  /** Resolves when the function gives true. */
  async until<A extends readonly unknown[]>(
    work: (...args: A) => boolean | Promise<boolean>,
    ...args: A
  ): Promise<void> {
    await this.#eventually(`never true: ${String(work)}`, async () =>
      (await this.run(work, ...args)) ? { done: null } : { why: "it is false" },
    );
  }

  #spot(place: Place): Promise<readonly [number, number]> {
    return this.#eventually(`no click reaches ${place}`, async () => {
      const spot: Spot = await this.#ask((page, at) => page.spot(at), place);
      return "at" in spot ? { done: spot.at } : spot;
    });
  }

  async #counts(place: Place, isRight: (count: number) => boolean): Promise<void> {
    await this.#eventually(`waited for ${place}`, async () => {
      const count = await this.count(place);
      return isRight(count) ? { done: null } : { why: `there are ${count}` };
    });
  }

  /** A new document does not have the finder yet. */
  async #ask<T>(work: (page: InPage, place: string) => T, place: Place): Promise<Awaited<T>> {
    const page = `thymeTab(${JSON.stringify(this.engine)})`;
    const question = `(async () => globalThis.thymeTab === undefined
      ? { isNew: true }
      : { value: (await (${String(work)})(${page}, ${JSON.stringify(place)})) ?? null })()`;
    type Answer = { isNew: true } | { value: Awaited<T> };
    let answer = (await this.#wire.evaluate(question)) as Answer;
    if ("isNew" in answer) {
      await this.#wire.evaluate(`(() => { ${await finderScript()} })()`);
      answer = (await this.#wire.evaluate(question)) as Answer;
    }
    if ("isNew" in answer) throw new Error("The page changed meanwhile.");
    return answer.value;
  }

  /** Asks until it is done. A page that is being replaced under the question is asked again as well. */
  async #eventually<T>(
    what: string,
    attempt: () => Promise<{ readonly done: T } | { readonly why: string }>,
  ): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const result = await attempt().catch((error: unknown) => ({ why: String(error) }));
      if ("done" in result) return result.done;
      if (Date.now() > deadline) {
        const page = await this.run(() => document.body.innerText.slice(0, 600)).catch(String);
        throw new Error(`${this.engine}: ${what}: ${result.why}. The page says:\n${page}`);
      }
      await pause(BETWEEN_MS);
    }
  }
}
