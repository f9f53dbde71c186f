import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TEXT_LIMIT } from "../../app/view.ts";
import { segmentsOf } from "./links.ts";

const links = (text: string) => segmentsOf(text).filter((segment) => segment.kind === "link");
const linked = (text: string) => links(text).map((segment) => segment.text);

/** Text made of what addresses are made of, so that many are nearly one. */
const piece = fc.constantFrom(
  ..."https:// http:// HTTPS:// www. javascript: data: mailto: @ . , ; : ! ? ( ) [ ] { } < > / \\ # % & = ' \" a é ñ 例 ".split(
    " ",
  ),
  " ",
  "\n",
  "example.com",
  "пример.рф",
  "\u202e",
  "\u200b",
  "\ud800",
  "👍",
  "::1",
  "%0a",
);
const nearly = fc.array(fc.oneof(piece, fc.string({ unit: "binary" }))).map((all) => all.join(""));

describe("the segments of a text", () => {
  it("are the text again when they are joined", () => {
    fc.assert(
      fc.property(nearly, (text) => {
        expect(
          segmentsOf(text)
            .map((segment) => segment.text)
            .join(""),
        ).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never lead anywhere but to http, https and mail addresses", () => {
    fc.assert(
      fc.property(nearly, (text) => {
        for (const { href } of links(text)) {
          const { protocol, username } = new URL(href);
          expect(["http:", "https:", "mailto:"]).toContain(protocol);
          expect(username).toBe("");
        }
      }),
      { numRuns: 2_000 },
    );
    expect(linked("javascript:alert(1) data:text/html,x ftp://a.example file:///etc")).toEqual([]);
  });

  it("are found in the longest message without a pause", () => {
    for (const text of ["a", "@", "a@", "a@a.", "http://", "www.", "(", "http://a.b)"]) {
      const long = `http://a.b${text.repeat(TEXT_LIMIT / text.length)}`;
      const before = performance.now();
      segmentsOf(long);
      expect(performance.now() - before).toBeLessThan(1_000);
    }
  });
});

describe("a web address", () => {
  it.each([
    ["See https://example.com/a.", "https://example.com/a"],
    ["(https://example.com/a)", "https://example.com/a"],
    ["https://example.org/wiki/Thyme_(herb)", "https://example.org/wiki/Thyme_(herb)"],
    ["(see https://example.org/wiki/Thyme_(herb)).", "https://example.org/wiki/Thyme_(herb)"],
    ["“https://example.com”, then", "https://example.com"],
    ["<https://example.com/?q=1&r=2#x>", "https://example.com/?q=1&r=2#x"],
    ["https://example.com...", "https://example.com"],
    ["**https://example.com**", "https://example.com"],
    ["www.example.com!", "www.example.com"],
    ["HTTP://EXAMPLE.COM", "HTTP://EXAMPLE.COM"],
    ["http://example.com:8080/x?y=[1]", "http://example.com:8080/x?y=[1]"],
  ])("in %j is %j", (text, address) => expect(linked(text)).toEqual([address]));

  it("stands in the middle of a line as often as it was written", () => {
    expect(segmentsOf("a https://b.example, http://c.example d")).toEqual([
      { kind: "text", text: "a " },
      { kind: "link", text: "https://b.example", href: "https://b.example/", host: null },
      { kind: "text", text: ", " },
      { kind: "link", text: "http://c.example", href: "http://c.example/", host: null },
      { kind: "text", text: " d" },
    ]);
  });

  it("without a protocol is opened with https", () => {
    expect(links("www.example.com/a")).toEqual([
      { kind: "link", text: "www.example.com/a", href: "https://www.example.com/a", host: null },
    ]);
  });

  it("that hides its host behind a name is no link", () => {
    expect(linked("https://bank.example@elsewhere.example/")).not.toContain(
      "https://bank.example@elsewhere.example/",
    );
    for (const { href } of links("https://bank.example@elsewhere.example/")) {
      expect(href).not.toMatch(/^http/u);
    }
  });

  it("ends where the direction of the line would be turned", () => {
    expect(linked("https://example.com/\u202egpj.exe")).toEqual(["https://example.com/"]);
  });

  it.each([
    ["https://xn--pple-43d.com", null],
    ["https://аpple.com", "xn--pple-43d.com"],
    ["https://españa.example", "xn--espaa-rta.example"],
    ["http://0x7f.1", "127.0.0.1"],
    ["https://Example.COM/a", null],
  ])("%s says where it leads: %s", (text, host) => {
    expect(links(text).map((link) => link.host)).toEqual([host]);
  });

  it.each(["http://", "https://.", "http://localhost", "xhttps://example.com", "www.", "http://a"])(
    "is not in %s",
    (text) => expect(linked(text)).toEqual([]),
  );
});

describe("a mail address", () => {
  it.each([
    ["Write to ana.m+1@example.com.", "ana.m+1@example.com"],
    ["(ana@mail.example.com)", "ana@mail.example.com"],
    ["ana@example.com, eva", "ana@example.com"],
  ])("in %j is %j", (text, address) => {
    expect(linked(text)).toEqual([address]);
    expect(links(text)[0]?.href).toBe(`mailto:${address.replace("+", "%2B")}`);
  });

  it("carries nothing but the address", () => {
    expect(links("a%0ab@example.com?bcc=x@y.example")[0]?.href).toBe("mailto:a%250ab@example.com");
  });

  it.each(["@ana", "a@b", "ana @example.com", "a@@example.com", "a@example.c"])(
    "is not in %s",
    (text) => expect(linked(text)).toEqual([]),
  );
});
