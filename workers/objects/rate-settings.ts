import * as z from "zod/mini";
import type { RateSettings } from "./rate-limit.ts";

declare global {
  namespace Cloudflare {
    interface Env {
      /** JSON of {device?: {burst, perSecond}, address?: {burst, perSecond}} */
      readonly RATE_LIMITS?: string;
    }
  }
}

const DEFAULT_RATES: RateSettings = {
  device: { burst: 400, perSecond: 40 },
  address: { burst: 1200, perSecond: 120 },
};

const rate = z.strictObject({
  burst: z.number().check(z.gte(1)),
  perSecond: z.number().check(z.gt(0)),
});
const rates = z.strictObject({ device: z.optional(rate), address: z.optional(rate) });

/** Parses RATE_LIMITS. Throws for malformed settings: a limit must not vanish through a typing error. */
export function rateSettings(text: string | undefined): RateSettings {
  if (!text) return DEFAULT_RATES;
  const parsed = rates.parse(JSON.parse(text));
  return {
    device: parsed.device ?? DEFAULT_RATES.device,
    address: parsed.address ?? DEFAULT_RATES.address,
  };
}
