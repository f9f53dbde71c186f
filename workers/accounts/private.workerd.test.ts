import { randomBytes } from "@noble/hashes/utils.js";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { openInbox } from "../conversation/socket.test-kit.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { LIMITS } from "../protocol/limits.ts";
import { seedPerson } from "./person.test-kit.ts";

const newKey = () => toBase64url(randomBytes(32));
const value = (bytes: Uint8Array) => toBase64url(bytes);
const { browser, id } = await seedPerson("patient");

const put = (key: string, version: number, text: string) =>
  browser.call("putPrivate", { params: { key }, body: { version, value: text } });

describe("K9 private records", () => {
  test("K9 compare-and-swap: 0 creates, a version replaces itself, everything else is stale", async () => {
    const key = newKey();
    const [a, b, c] = [1, 2, 3].map((fill) => value(new Uint8Array(8).fill(fill)));
    expect((await put(key, 1, a!)).outcome).toBe("stale_version");
    expect((await put(key, 0, a!)).result).toEqual({ version: 1 });
    expect((await put(key, 0, b!)).outcome).toBe("stale_version");
    expect((await put(key, 1, b!)).result).toEqual({ version: 2 });
    expect((await put(key, 1, c!)).outcome).toBe("stale_version");
    expect((await put(key, 3, c!)).outcome).toBe("stale_version");
    expect(await browser.get("privateRecord", { params: { key } })).toEqual({
      key,
      version: 2,
      value: b,
    });
  });

  test("K9 a write is told to the account's other sockets, and to nobody else's", async () => {
    const person = await seedPerson("patient");
    const stranger = await seedPerson("patient");
    const [own, foreign] = [await openInbox(person), await openInbox(stranger)];
    await own.hello();
    await foreign.hello();
    const key = newKey();
    const body = { value: value(randomBytes(8)) };
    for (const version of [0, 1]) {
      await person.browser.call("putPrivate", { params: { key }, body: { version, ...body } });
    }
    await own.until(() => own.all("record").length === 2, "records");
    expect(own.all("record")).toEqual(
      [1, 2].map((version) => ({ t: "record", name: fromBase64url(key), version })),
    );
    await person.browser.call("putPrivate", { params: { key }, body: { version: 1, ...body } });
    foreign.say({ t: "hello", v: 1 });
    // A second hello is refused, which is an answer: whatever was told before it has come.
    await foreign.next("refused");
    expect(foreign.all("record")).toEqual([]);
    expect(own.all("record")).toHaveLength(2);
  });

  test("K9 of writers at once one wins", async () => {
    const key = newKey();
    const race = async (version: number) => {
      const texts = Array.from({ length: 4 }, () => value(randomBytes(8)));
      const answers = await Promise.all(texts.map((text) => put(key, version, text)));
      const outcomes = answers.map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(1);
      const { value: kept } = await browser.get("privateRecord", { params: { key } });
      expect(kept).toBe(texts[outcomes.indexOf("ok")]);
    };
    await race(0);
    await race(1);
  });

  test("K9 another account's record does not exist, and its name is free", async () => {
    const key = newKey();
    expect((await put(key, 0, "AAAA")).outcome).toBe("ok");
    const other = await seedPerson("patient");
    expect(await other.browser.outcome("privateRecord", { params: { key } })).toBe("not_found");
    const body = { version: 0, value: "BBBB" };
    expect(await other.browser.outcome("putPrivate", { params: { key }, body })).toBe("ok");
    expect((await browser.get("privateRecord", { params: { key } })).value).toBe("AAAA");
  });

  test("a record has a size, and an account a number of them", async () => {
    const largest = value(new Uint8Array(LIMITS.privateRecord));
    expect((await put(newKey(), 0, largest)).outcome).toBe("ok");
    expect((await put(newKey(), 0, `${largest}AAAA`)).outcome).toBe("bad_request");
    const full = await seedPerson("patient");
    await env.DB.prepare(
      `insert into private_records
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
       select ?, 'filler-' || i, 1, '' from n`,
    )
      .bind(LIMITS.privateRecords - 1, full.id)
      .run();
    const attempt = (key: string, version = 0) =>
      full.browser.outcome("putPrivate", { params: { key }, body: { version, value: "" } });
    const last = newKey();
    expect(await attempt(last)).toBe("ok");
    expect(await attempt(newKey())).toBe("storage_full");
    expect(await attempt(last, 1)).toBe("ok");
  });
});

describe("K9 paging", () => {
  test("K9 every record once, whatever its size, and an end", async () => {
    const person = await seedPerson("patient");
    const keys = Array.from({ length: 450 }, newKey);
    const statement = env.DB.prepare("insert into private_records values (?, ?, 1, ?)");
    const sizes = [0, 10, 1_000, LIMITS.privateRecord];
    await env.DB.batch(
      keys.map((key, i) =>
        statement.bind(person.id, key, value(new Uint8Array(sizes[(i * i) % 4] ?? 0))),
      ),
    );
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { records, next }: { records: { key: string }[]; next: string | null } =
        await person.browser.get("privatePage", after === null ? {} : { query: { after } });
      expect(records.length).toBeGreaterThan(0);
      expect(records.length).toBeLessThanOrEqual(LIMITS.itemsPerPage);
      expect(next === null || next === records.at(-1)?.key).toBe(true);
      seen.push(...records.map(({ key }) => key));
      after = next;
    } while (after !== null);
    expect(seen).toEqual(keys.toSorted());
  });

  test("K9 an empty state is an empty page; a cursor that is no key is refused", async () => {
    const { browser: fresh } = await seedPerson("patient");
    expect(await fresh.get("privatePage")).toEqual({ records: [], next: null });
    for (const after of ["x", "AAAA", `${newKey()}A`]) {
      expect(await fresh.outcome("privatePage", { query: { after } })).toBe("bad_request");
    }
    expect(id).toHaveLength(43);
  });
});
