import { beforeEach, expect, test } from "vitest";
import { summary } from "../fake-models.test-kit.ts";
import { forgetLanding, landingPath, noteLanded } from "./landing.ts";
import { C1 } from "../../app/ids.test-kit.ts";

const one = [summary("c1", "Dr. Herrera")];

beforeEach(forgetLanding);

test("a patient's only conversation is where the app opens", () => {
  expect(landingPath("patient", one)).toBe(`/c/${C1}`);
});

test("a list of several, an empty one and one that is put away are shown as they are", () => {
  expect(landingPath("patient", [...one, summary("c2", "Dr. Ruiz")])).toBe(null);
  expect(landingPath("patient", [])).toBe(null);
  expect(landingPath("patient", [summary("c1", "Dr. Herrera", { archived: true })])).toBe(null);
});

test("a practitioner works from the list", () => {
  expect(landingPath("practitioner", one)).toBe(null);
});

test("who was somewhere already is not taken away from the list", () => {
  noteLanded();
  expect(landingPath("patient", one)).toBe(null);
});
