/** What a Conversation tells an Inbox. Cumulative and monotonic: repeated or late calls change nothing. */
export interface Activity {
  readonly conversation: Uint8Array;
  readonly shard: number;
  /** n of the newest bundle */
  readonly head: number;
  readonly lastSeq: number;
  readonly lastAt: number;
  /** envelopes of others in the log so far that are not quiet (M1) */
  readonly others: number;
}
