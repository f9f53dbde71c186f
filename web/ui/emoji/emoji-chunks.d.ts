/** Made by scripts/build/emoji.mjs. */
declare module "virtual:emoji-en" {
  export const groups: readonly (readonly [name: string, lines: string])[];
}

declare module "virtual:emoji-es" {
  export const groups: readonly (readonly [name: string, lines: string])[];
}
