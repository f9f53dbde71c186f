/** What the others are doing in the conversation on screen, as far as they and this person let it be seen. */
export interface Activity {
  /** names of those who are typing now */
  readonly typing: readonly string[];
  /** one of them has the conversation open and in sight */
  readonly online: boolean;
  /** when one of them was; null where nobody told */
  readonly lastSeen: number | null;
}

/** Switches that work both ways: what is off is neither told nor shown. */
export interface Preferences {
  readonly receipts: boolean;
  readonly typing: boolean;
  readonly presence: boolean;
}
