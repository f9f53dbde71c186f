import { ProtocolError } from "../protocol/errors.ts";

/** A database that is later than this is away: a handshake that waits longer is given up by its client. */
const LATE_MS = 3_000;

/** What D1 answers. Throws `unavailable` when it is late; what was asked may still be done. */
export async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProtocolError("unavailable", "D1 is late")), LATE_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
