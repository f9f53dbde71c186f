import { counted } from "../en/counts.ts";
import type { enDrafts } from "../en/en-drafts.ts";

const count = (n: number, one: string, other: string): string => counted("es", n, one, other);

export const esDrafts: typeof enDrafts = {
  mutes: {
    hour: "Durante 1 hora",
    tomorrow: "Hasta mañana a las 8:00",
    week: "Durante una semana",
    always: "Siempre",
    until: (when) => `Silenciada hasta ${when}`,
  },

  drafts: {
    draft: "Borrador:",
  },

  writing: {
    setting: "Intro envía",
    settingHelp:
      "Mayús+Intro empieza una línea nueva. Si lo desactivas, Intro empieza una línea nueva y Ctrl+Intro (Cmd+Intro en un Mac) envía. En un teclado táctil, Intro siempre empieza una línea nueva.",
    send: "Enviar el mensaje",
    newLine: "Línea nueva",
    hintEnter: "Intro envía, Mayús+Intro empieza una línea nueva.",
    hintControl: "Ctrl+Intro o Cmd+Intro envía, Intro empieza una línea nueva.",
    control: "Ctrl+Intro",
    command: "Cmd+Intro",
    shift: "Mayús+Intro",
    templates: "Elegir una plantilla, en un mensaje vacío",
  },

  templates: {
    title: "Plantillas",
    help: "Textos que escribes a menudo. Elígelos en un mensaje con el botón «Plantillas», o escribe / en un mensaje vacío.",
    none: "Todavía no hay plantillas",
    noneHelp: "Escribe un texto una vez y úsalo en todas las conversaciones.",
    add: "Nueva plantilla",
    edit: "Editar",
    editNamed: (name) => `Editar ${name}`,
    remove: "Quitar",
    removeNamed: (name) => `Quitar ${name}`,
    removeTitle: (name) => `¿Quitar «${name}»?`,
    removeHelp:
      "Desaparece de todos tus dispositivos. Los mensajes que escribiste con ella se quedan como están.",
    name: "Nombre",
    nameHint: "Para encontrarla, por ejemplo «Diario de comidas».",
    nameMissing: "Escribe un nombre para continuar.",
    nameLong: (most) => `Un nombre tiene como máximo ${most} caracteres.`,
    text: "Texto",
    textHint: (name, date, me) =>
      `Thyme rellena ${name} (el paciente), ${date} (hoy) y ${me} (tú). Cualquier otra palabra entre llaves espera a que la rellenes.`,
    textMissing: "Escribe un texto para continuar.",
    left: (n) => count(n, "carácter disponible", "caracteres disponibles"),
    over: (n) => `Sobran ${count(n, "carácter", "caracteres")}. Acorta el texto.`,
    noRoom: "No cabe más texto en tus plantillas. Acorta o quita alguna.",
    used: (n, most) => `${n} de ${count(most, "plantilla", "plantillas")}`,
    full: "No caben más. Quita una para añadir otra.",
    save: "Guardar",
    find: "Buscar una plantilla",
    noMatch: "Ninguna plantilla se llama así",
    manage: "Editar las plantillas",
    placeholders: { name: "nombre", date: "fecha", me: "yo" },
  },
};
