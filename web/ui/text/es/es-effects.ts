import type { enEffects } from "../en/en-effects.ts";

export const esEffects: typeof enEffects = {
  effects: {
    previewDeleted: "Mensaje eliminado",
  },
};
