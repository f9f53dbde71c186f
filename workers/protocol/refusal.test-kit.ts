import { type ErrorCode, ProtocolError } from "./errors.ts";

/** Why this is refused; null: it is not. Anything but a refusal is thrown on. */
export function refusalIn(run: () => unknown): ErrorCode | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}
