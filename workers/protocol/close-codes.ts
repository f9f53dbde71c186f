/** WebSocket close codes of the application range (RFC 6455 section 7.4.2) and what a client does next. */
export const CLOSE = {
  /** the session ended or the device was revoked: sign in */
  signedOut: 4001,
  /** a frame could not be parsed: a defect, not a network fault; reconnect with backoff */
  badFrame: 4002,
  /** a frame exceeded the cap */
  tooLarge: 4003,
  /** no longer a member of this conversation */
  notMember: 4004,
  /** the app is older than the contract: update */
  version: 4005,
  /** the same device has opened more sockets elsewhere: come back when the person looks here */
  elsewhere: 4006,
  /** more was sent than was read: reconnect, and go on from the cursor */
  slow: 4007,
  /** nothing can be done now: connect again with backoff */
  tryLater: 4008,
} as const;
