/** Whether this browser has WebAuthn; what asks for a passkey comes later. */
export const passkeysSupported = (): boolean =>
  typeof globalThis.PublicKeyCredential === "function";
