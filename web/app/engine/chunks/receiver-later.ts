import { lazily } from "../../../platform/lazily.ts";
import type { Receiver } from "../log/receive.ts";

/** A receiver that is fetched with the first items. What comes first is taken first. */
export function receiverLater(load: () => Promise<Receiver>): Receiver {
  const receiver = lazily(load);
  return {
    forward: async (...args) => (await receiver()).forward(...args),
    backward: async (...args) => (await receiver()).backward(...args),
    tail: async (...args) => (await receiver()).tail(...args),
    again: async (...args) => (await receiver()).again(...args),
    retract: async (...args) => (await receiver()).retract(...args),
  };
}
