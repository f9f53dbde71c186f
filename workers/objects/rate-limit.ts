export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export interface RateSettings {
  readonly device: Rate;
  readonly address: Rate;
}

export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

export interface Taken {
  readonly bucket: Bucket;
  /** 0: taken; else how long until it can be */
  readonly retryAfterMs: number;
}

/** Token bucket. A cost above the burst is charged as the burst, or it could never be paid. */
export function take(before: Bucket | undefined, rate: Rate, cost: number, now: number): Taken {
  // A clock set back earns nothing and costs nothing.
  const elapsed = before ? Math.max(0, now - before.at) : 0;
  const earned = (elapsed * rate.perSecond) / 1000;
  const tokens = before ? Math.min(rate.burst, before.tokens + earned) : rate.burst;
  const price = Math.min(cost, rate.burst);
  if (tokens >= price) return { bucket: { tokens: tokens - price, at: now }, retryAfterMs: 0 };
  const retryAfterMs = Math.max(1, Math.ceil(((price - tokens) * 1000) / rate.perSecond));
  return { bucket: { tokens, at: now }, retryAfterMs };
}

/** Buckets beyond this many are looked through for full ones, which say nothing. */
const CROWD = 4096;

/** Buckets per device and per address. In memory only: an eviction fills them, which costs little. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #settings: RateSettings;

  constructor(settings: RateSettings) {
    this.#settings = settings;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Charges both buckets or neither. Returns 0 or the milliseconds to wait. */
  charge(device: string, address: string, cost: number, now: number): number {
    const ofDevice = `d ${device}`;
    const ofAddress = `a ${address}`;
    const one = take(this.#buckets.get(ofDevice), this.#settings.device, cost, now);
    const two = take(this.#buckets.get(ofAddress), this.#settings.address, cost, now);
    const wait = Math.max(one.retryAfterMs, two.retryAfterMs);
    if (wait > 0) return wait;
    if (this.#buckets.size > CROWD) this.#forgetFull(now);
    this.#buckets.set(ofDevice, one.bucket);
    this.#buckets.set(ofAddress, two.bucket);
    return 0;
  }

  #forgetFull(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      const rate = key.startsWith("d ") ? this.#settings.device : this.#settings.address;
      if (take(bucket, rate, 0, now).bucket.tokens >= rate.burst) this.#buckets.delete(key);
    }
  }
}
