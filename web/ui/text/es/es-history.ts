import type { Catalogue } from "../en/catalogue.ts";

export const esHistory: Pick<Catalogue, "history"> = {
  history: {
    jumpToDate: "Ir a una fecha",
    date: "Fecha",
    show: "Mostrar",
    seeking: "Se están recuperando mensajes anteriores",
    extent: (from, to) => `Mensajes del ${from} al ${to}. Al subir o bajar se cargan más.`,
  },
};
