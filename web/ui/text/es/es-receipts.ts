import type { enReceipts } from "../en/en-receipts.ts";

export const esReceipts: typeof enReceipts = {
  activity: {
    typing: (name) => `${name} está escribiendo`,
    typingMany: (names) => `${names} están escribiendo`,
    online: "En línea",
    lastSeen: (when) => `Última vez ${when}`,
    at: (day, time) => `${day} a las ${time}`,
    read: (when) => `Leído: ${when}`,
    readAt: (time) => `Leído a las ${time}`,
  },
  preferences: {
    receipts: "Confirmaciones de lectura",
    receiptsHelp: "La otra persona ve cuándo has leído un mensaje, y tú lo ves de ella.",
    typing: "Escribiendo",
    typingHelp: "La otra persona ve que estás escribiendo, y tú lo ves de ella.",
    presence: "En línea y última vez",
    presenceHelp:
      "La otra persona ve cuándo tienes abierta vuestra conversación, y tú lo ves de ella. Nadie ve cuándo usas Thyme para otras cosas.",
  },
};
