/** workerd's own hex, typed: TypeScript's ES2024 does not know it yet. */
declare global {
  interface Uint8Array {
    toHex(): string;
  }
  interface Uint8ArrayConstructor {
    fromHex(text: string): Uint8Array;
  }
}

export const toHex = (bytes: Uint8Array): string => bytes.toHex();
export const fromHex = (text: string): Uint8Array => Uint8Array.fromHex(text);
