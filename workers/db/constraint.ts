/** Whether a failed statement broke a constraint, which is a decision, as opposed to an outage. */
export function isConstraintError(error: unknown): boolean {
  // Drizzle wraps D1's error as its cause.
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.message.includes("SQLITE_CONSTRAINT")) return true;
  }
  return false;
}
