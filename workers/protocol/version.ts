/** The one protocol version; never negotiated (E4). Raised together with the pinned hash in `contract.test.ts`. */
export const PROTOCOL_VERSION = 1;
