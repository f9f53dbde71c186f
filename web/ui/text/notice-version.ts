/** Stored with a person's consent. A change of meaning in the notice is a new version, in both languages. */
export const NOTICE_VERSION = "2026-11-23";
