import type { enPush } from "../en/en-push.ts";

export const esPush: typeof enPush = {
  push: {
    message: "Tienes un mensaje nuevo",
    test: "Las notificaciones llegan a este dispositivo",
  },
};
