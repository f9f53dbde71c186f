import { describe, expect, it } from "vitest";
import { filled, nextPlaceholder } from "./placeholders.ts";

const values = { name: "Ana", date: "23 November 2026", me: "Dr. Ruiz" };

describe("a template", () => {
  it.each([
    ["Dear {name},", "Dear Ana,"],
    ["{Nombre}: {fecha}, {yo}", "Ana: 23 November 2026, Dr. Ruiz"],
    ["{ name } {me}{me}", "Ana Dr. RuizDr. Ruiz"],
    ["eat {fruit} daily", "eat {fruit} daily"],
    ["{name", "{name"],
    ["{constructor} {}", "{constructor} {}"],
  ])("%j reads %j", (template, text) => expect(filled(template, values)).toBe(text));

  it("takes a name with braces or a dollar sign as it is", () => {
    expect(filled("{name}!", { ...values, name: "$& {me}" })).toBe("$& {me}!");
  });

  it("shows one placeholder after the other", () => {
    const text = "eat {fruit} at {hour}";
    expect(nextPlaceholder(text, 0)).toEqual({ start: 4, end: 11 });
    expect(nextPlaceholder(text, 5)).toEqual({ start: 15, end: 21 });
    expect(nextPlaceholder(text, 16)).toBeNull();
  });
});
