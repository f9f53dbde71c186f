import type { enEffects } from "./en-effects.ts";

export const esEffects: typeof enEffects = {
  effects: {
    previewDeleted: "Mensaje eliminado",
  },
};
