import { counted, formatNumber } from "../en/counts.ts";
import type { enList } from "../en/en-list.ts";

const count = (n: number, one: string, other: string): string => counted("es", n, one, other);
const withCount = (name: string, n: number): string =>
  n === 0 ? name : `${name} · ${formatNumber("es", n)}`;

export const esList: typeof enList = {
  find: {
    label: "Buscar conversación",
    clear: "Borrar",
    show: "Mostrar",
    all: "Todas",
    waiting: (n) => withCount("Te esperan", n),
    unread: (n) => withCount("Sin leer", n),
    archived: "Archivadas",
    found: (n) => count(n, "conversación", "conversaciones"),
    noMatch: "Aquí no hay nadie con ese nombre",
    noMatchHelp: "Basta el principio de un nombre o apellido. Los acentos no importan.",
    inAll: "Buscar en todas",
    inArchive: (n) => withCount("Ver en el archivo", n),
    noneWaiting: "Nadie te espera",
    noneUnread: "Lo has leído todo",
    noneArchived: "No hay nada archivado",
    noneArchivedHelp:
      "Las conversaciones archivadas se quedan aquí hasta que alguien escriba en ellas.",
    noneLeft: "Todo está archivado",
    showAll: "Mostrar todas",
    showArchive: "Ver el archivo",
  },

  menu: {
    name: "Menú de la conversación",
    row: (name) => `Acciones de ${name}`,
    pin: "Fijar",
    unpin: "Dejar de fijar",
    mute: "Silenciar",
    unmute: "Activar avisos",
    archive: "Archivar",
    unarchive: "Desarchivar",
    pinned: "Fijada",
    muted: "Silenciada",
  },

  bulk: {
    select: "Seleccionar",
    chosen: (n) => count(n, "seleccionada", "seleccionadas"),
    archived: (n) => count(n, "conversación archivada", "conversaciones archivadas"),
    unarchived: (n) => `${count(n, "conversación", "conversaciones")} de vuelta en la lista`,
    undo: "Deshacer",
  },

  shortcuts: {
    title: "Atajos de teclado",
    next: "Conversación siguiente",
    previous: "Conversación anterior",
    open: "Abrir la conversación",
    find: "Buscar conversación",
    help: "Ver esta lista",
    back: "Volver a la lista",
    down: "Abajo",
    up: "Arriba",
    enter: "Intro",
    escape: "Escape",
    or: "o",
    setting: "Atajos de una sola letra",
    settingHelp: "Pulsa ? en tus conversaciones para verlos. Nunca actúan mientras escribes.",
    off: "Puedes desactivarlos en los ajustes.",
  },
};
