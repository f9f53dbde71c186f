import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RateLimiter, take } from "./rate-limit.ts";
import { rateSettings } from "./rate-settings.ts";

const rate = { burst: 10, perSecond: 5 };

describe("rate limits", () => {
  test("a burst passes, then as many as are earned; waiting as told is enough", () => {
    const all = take(undefined, rate, 10, 0);
    expect(all.retryAfterMs).toBe(0);
    const refused = take(all.bucket, rate, 1, 0);
    expect(refused.retryAfterMs).toBe(200);
    expect(take(refused.bucket, rate, 1, 199).retryAfterMs).toBeGreaterThan(0);
    expect(take(refused.bucket, rate, 1, 200).retryAfterMs).toBe(0);
  });

  test("a cost above the burst is payable by a full bucket", () => {
    expect(take(undefined, rate, 1000, 0).retryAfterMs).toBe(0);
  });

  test("never more than burst + earned in any run of requests, whatever the clock does", () => {
    const step = fc.record({
      cost: fc.integer({ min: 1, max: 12 }),
      ms: fc.integer({ min: -50, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        let bucket: Parameters<typeof take>[0];
        let now = 1_000_000;
        let forward = 0;
        let spent = 0;
        for (const { cost, ms } of steps) {
          now += ms;
          forward += Math.max(0, ms);
          const taken = take(bucket, rate, cost, now);
          bucket = taken.bucket;
          if (taken.retryAfterMs === 0) spent += Math.min(cost, rate.burst);
          expect(bucket.tokens).toBeGreaterThanOrEqual(0);
          expect(bucket.tokens).toBeLessThanOrEqual(rate.burst);
        }
        expect(spent).toBeLessThanOrEqual(rate.burst + (forward * rate.perSecond) / 1000 + 1e-6);
      }),
    );
  });

  test("device and address are both charged or neither; one address holds many devices back", () => {
    const limiter = new RateLimiter({
      device: { burst: 5, perSecond: 1 },
      address: { burst: 8, perSecond: 1 },
    });
    expect(limiter.charge("one", "here", 5, 0)).toBe(0);
    expect(limiter.charge("two", "here", 5, 0)).toBeGreaterThan(0);
    // Refused above, so the device has not paid.
    expect(limiter.charge("two", "elsewhere", 5, 0)).toBe(0);
    expect(limiter.charge("three", "here", 3, 0)).toBe(0);
  });

  test("memory stays bounded under ever new devices", () => {
    const limiter = new RateLimiter(rateSettings(undefined));
    for (let i = 0; i < 20_000; i++) limiter.charge(`d${i}`, `a${i}`, 1, i * 1000);
    expect(limiter.size).toBeLessThan(10_000);
  });

  test("settings come from RATE_LIMITS; malformed ones stop the start", () => {
    const text = JSON.stringify({ device: { burst: 7, perSecond: 2 } });
    expect(rateSettings(text).device).toEqual({ burst: 7, perSecond: 2 });
    expect(rateSettings(text).address).toEqual(rateSettings("").address);
    expect(() => rateSettings("{")).toThrow();
    expect(() => rateSettings('{"devices":{}}')).toThrow();
    expect(() => rateSettings('{"device":{"burst":0,"perSecond":1}}')).toThrow();
  });
});
