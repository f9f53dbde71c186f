import { expect, test } from "vitest";
import { type OutageLine, Outages } from "./outages.ts";

const watched = () => {
  const lines: OutageLine[] = [];
  return { lines, outages: new Outages((line) => lines.push(line)) };
};
const begins = { outage: "begins", neighbour: "D1", where: "GET /api/setup" };

test("an outage is one line, and its end another with how long and how many", () => {
  const { lines, outages } = watched();
  for (let i = 0; i < 1_000; i++) outages.failed("D1", "GET /api/setup", 5_000 + i * 10);
  expect(lines).toEqual([begins]);
  outages.answered("D1", 20_000);
  outages.answered("D1", 21_000);
  expect(lines).toEqual([
    begins,
    { outage: "ended", neighbour: "D1", lastedMs: 15_000, failures: 1_000 },
  ]);
});

test("neighbours fail apart, and what never failed has no end", () => {
  const { lines, outages } = watched();
  outages.answered("D1", 1);
  outages.failed("D1", "GET /api/setup", 2);
  outages.failed("object", "GET /api/conversations/:conversation/log", 3);
  outages.answered("D1", 4);
  expect(lines.map(({ outage, neighbour }) => `${neighbour} ${outage}`)).toEqual([
    "D1 begins",
    "object begins",
    "D1 ended",
  ]);
});

test("a failure long after the last one is another outage, though nobody saw the first end", () => {
  const { lines, outages } = watched();
  outages.failed("D1", "GET /api/setup", 0);
  outages.failed("D1", "GET /api/setup", 59_999);
  outages.failed("D1", "GET /api/setup", 59_999 + 60_000);
  expect(lines).toEqual([
    begins,
    { outage: "ended", neighbour: "D1", lastedMs: 59_999, failures: 2 },
    begins,
  ]);
});
