/** Sizes in bytes, counts, and times in milliseconds that both sides hold to. */
export const LIMITS = {
  /** one WebSocket frame, checked before decoding */
  frame: 256 * 1024,
  /** one HTTP body */
  body: 1024 * 1024,
  /** one signed envelope */
  envelope: 64 * 1024,
  /** one signed read receipt (M10) */
  receipt: 2048,
  /** characters (UTF-16 units) of a text message; the composer says so early */
  text: 8_000,
  /** one manifest core and one seals object, which holds the seeds of all earlier generations once */
  manifest: 128 * 1024,
  seals: 256 * 1024,
  /** one bundle core */
  bundle: 128 * 1024,
  /** one sealed object beside a core */
  seal: 64 * 1024,
  /** one private record's ciphertext */
  privateRecord: 64 * 1024,
  privateRecords: 4_000,
  devices: 16,
  /** gone devices that a manifest names; older ones are one hash (K5) */
  gone: 32,
  unlocks: 16,
  /** after so many a revocation ends sessions but begins no generation: no cap ends an account (K3) */
  generations: 4096,
  /** a generation in use for so long ends with the next manifest once a device departed in it (K3) */
  generationMs: 7 * 24 * 60 * 60 * 1000,
  /** one signed farewell */
  farewell: 512,
  roster: 64,
  pending: 16,
  envelopesPerFrame: 64,
  itemsPerPage: 200,
  tails: 50,
  tailEnvelopes: 20,
  invitationMs: 14 * 24 * 60 * 60 * 1000,
  /** an invitation may not be made to live longer */
  invitationMaxMs: 90 * 24 * 60 * 60 * 1000,
  sessionMs: 30 * 24 * 60 * 60 * 1000,
  challengeMs: 5 * 60 * 1000,
  /** how far a signed time may run ahead of the server's clock */
  clockSkewMs: 10 * 60 * 1000,
  publicName: 80,
  /** presence that was not told again for this long has ended: a lost network sends no end */
  presenceMs: 150 * 1000,
  /** F1: plaintext of one sealed chunk of a file */
  fileChunk: 1024 * 1024,
  /** F1: eight sealed chunks; every part of an upload but the last has exactly so many bytes */
  filePart: 8 * (1024 * 1024 + 16),
  /** no setting lets a file be larger */
  fileBytesMax: 100 * 1024 * 1024,
  /** an upload that gets no further part, and a file that no message names, is kept for so long */
  uploadMs: 7 * 24 * 60 * 60 * 1000,
  /** how long its author may edit a message or delete it for everyone (M5) */
  changeMs: 24 * 60 * 60 * 1000,
} as const;
