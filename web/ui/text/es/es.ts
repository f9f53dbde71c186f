import type { Catalogue } from "../en/catalogue.ts";
import { counted } from "../en/counts.ts";
import { esActions } from "./es-actions.ts";
import { esConversation } from "./es-conversation.ts";
import { esEffects } from "./es-effects.ts";
import { esHistory } from "./es-history.ts";
import { esDrafts } from "./es-drafts.ts";
import { esFiles } from "./es-files.ts";
import { esList } from "./es-list.ts";
import { esOnboarding } from "./es-onboarding.ts";
import { esPush } from "./es-push.ts";
import { esReceipts } from "./es-receipts.ts";
import { esProblems } from "./es-problems.ts";

const count = (n: number, one: string, other: string): string => counted("es", n, one, other);

export const es: Catalogue = {
  app: "Thyme",
  title: (screen) => `${screen} · Thyme`,
  problems: esProblems,
  ...esOnboarding,
  ...esConversation,
  ...esHistory,
  ...esList,
  ...esEffects,
  ...esPush,
  ...esReceipts,
  ...esDrafts,
  ...esFiles,
  ...esActions,
  waitThenRetry: (wait) =>
    `Demasiados intentos en poco tiempo. No se ha perdido nada. Inténtalo de nuevo en ${wait}.`,

  common: {
    copy: "Copiar",
    copied: "Copiado",
    copyRefused: "Este navegador no permite copiar. El texto está seleccionado: cópialo tú.",
    share: "Compartir",
    close: "Cerrar",
    cancel: "Cancelar",
    done: "Listo",
    continue: "Continuar",
    tryAgain: "Intentar de nuevo",
    reload: "Volver a cargar la página",
    you: "Tú",
    settings: "Ajustes",
    privacyNotice: "Aviso de privacidad",
    language: "Idioma",
    skip: "Saltar a la conversación",
    loading: "Cargando",
    partFailed: "No se ha podido cargar esta pantalla",
    partFailedHelp: "No se ha perdido nada. Comprueba tu conexión e inténtalo de nuevo.",
  },

  connection: {
    label: "Conexión",
    offline: "Sin conexión",
    offlineHelp: "Lo que escribas se conserva y se envía después.",
    connecting: "Conectando",
    online: "Con conexión",
    elsewhere: "Activo en otra pestaña. Esta continúa cuando vuelvas a ella.",
  },

  device: {
    label: "Este dispositivo",
    mending: "No se pudo leer algo guardado en este dispositivo. Se está descargando de nuevo.",
    mended: "No se pudo leer algo guardado en este dispositivo. Se ha descargado de nuevo.",
    lost: "Ya no se puede leer lo que guardaba este dispositivo. Inicia sesión para descargarlo de nuevo.",
    madeRoom:
      "Tu cuenta tenía la sesión iniciada en todos los dispositivos que puede tener. Se ha cerrado en el que llevaba más tiempo sin usarse.",
    setClock:
      "Ajusta el reloj de este dispositivo: va más de dos días adelantado. Hasta entonces no se envía nada.",
  },

  build: {
    newer: "Nueva versión",
    kept: "Lo que estás escribiendo se conserva.",
    reload: "Recargar",
  },

  signIn: {
    screen: "Entrar",
    title: "Hola de nuevo",
    intro: "Mensajes privados entre tu nutricionista y tú.",
    withPasskey: "Entrar con llave de acceso",
    useCode: "Usar código de recuperación",
    usePasskey: "Usar la llave de acceso",
    code: "Código de recuperación",
    codeHint:
      "Las 28 letras y cifras de tu código impreso. No importan las mayúsculas ni los espacios.",
    codeMissing: "Escribe tu código de recuperación para seguir.",
    submit: "Entrar",
    needsCodeTitle: "Un paso más en este dispositivo",
    needsCode:
      "Tu llave de acceso es correcta, pero en este dispositivo todavía no puede abrir tus mensajes. Escribe una vez tu código de recuperación. No se ha perdido nada.",
    newHere: "¿Es tu primera vez? Abre el enlace que te envió tu nutricionista.",
  },

  list: {
    screen: "Conversaciones",
    name: "Conversaciones",
    unread: (n) => count(n, "mensaje sin leer", "mensajes sin leer"),
    unsent: (n) => count(n, "mensaje sin enviar", "mensajes sin enviar"),
    own: (preview) => `Tú: ${preview}`,
    invited: "Con invitación, aún no se ha unido",
    expired: "La invitación ya no está abierta",
    joining: "Uniéndose",
    blocked: "Detenida por seguridad",
    nothingYet: "Aún no hay mensajes",
    emptyPractitionerTitle: "Invita a tu primer paciente",
    emptyPractitioner:
      "Obtienes un enlace y una imagen para escanear. Entrégalo como prefieras; puedes escribir antes de que se una.",
    emptyPatientTitle: "Aún no hay conversaciones",
    emptyPatient: "Abre el enlace que te envió tu nutricionista. La conversación aparecerá aquí.",
    chooseTitle: "Elige una conversación",
    choose: "Tus mensajes se abren aquí.",
  },

  invite: {
    patient: "Invitar paciente",
    label: "Etiqueta",
    labelHint: "Para encontrar a este paciente en tu lista, por ejemplo «Ana M.». Nadie más la ve.",
    labelMissing: "Escribe una etiqueta para seguir.",
    create: "Crear invitación",
    link: "Enlace de invitación",
    linkReady: "La invitación está lista",
    linkHelp: (name) =>
      `Envía este enlace a ${name} o deja que escanee la imagen. Sirve una sola vez.`,
    until: (date) => `Abierta hasta el ${date}.`,
    qr: "Imagen del enlace de invitación, para escanear con el teléfono",
    write: "Escribir un primer mensaje",
    shareText: "Tu invitación a Thyme",
    withdraw: "Retirar invitación",
    withdrawTitle: "¿Retirar esta invitación?",
    withdrawHelp:
      "El enlace deja de funcionar al momento. Lo que has escrito se conserva y puedes volver a invitar.",
    again: "Invitar de nuevo",
    expiredTitle: "La invitación ya no está abierta",
    expiredHelp:
      "No se ha unido nadie. Lo que has escrito se conserva. Crea un enlace nuevo para volver a invitar.",
    openTitle: (name) => `${name} aún no se ha unido`,
    openHelp: "Ya puedes escribir. Lo verá cuando se una.",
    show: "Ver enlace",
  },

  practitioners: {
    screen: "Profesionales",
    title: "Profesionales",
    intro:
      "Cada profesional invita a sus propios pacientes. Nadie más que ellos dos puede leer lo que escriben.",
    invite: "Invitar profesional",
    publicName: "Nombre público",
    publicNameHint: "Es una propuesta que se puede cambiar. Los pacientes lo ven en su invitación.",
    publicNameMissing: "Escribe un nombre para seguir.",
    invitations: "Invitaciones",
    state: {
      open: (until) => `Abierta hasta el ${until}`,
      used: "Ya se ha unido",
      withdrawn: "Retirada",
      expired: "Caducada",
    },
    invitedOn: (date) => `Invitación del ${date}`,
    emptyTitle: "Invita al primer profesional",
    empty: "Obtienes un enlace y una imagen para escanear. Entrégalo como prefieras.",
  },

  settings: {
    screen: "Ajustes",
    back: "Volver",
    account: "Cuenta",
    role: { administrator: "Administración", practitioner: "Profesional", patient: "Paciente" },
    devices: "Dispositivos",
    thisDevice: "Este dispositivo",
    signedInAs: (name) => `Sesión abierta como ${name}`,
    signOut: "Cerrar sesión",
    signOutHelp:
      "Tus mensajes se borran de este dispositivo. Para volver necesitas tu llave de acceso o tu código de recuperación.",
    appearance: "Aspecto",
    theme: "Colores",
    themes: { system: "Como en este dispositivo", light: "Claro", dark: "Oscuro" },
    privacy: "Privacidad",
    privacyHelp: "Quién puede leer qué, cuánto tiempo se guarda y tus derechos.",
  },

  storage: {
    title: "Tus datos",
    help: "Si este dispositivo se queda sin espacio, tu navegador puede borrar lo que Thyme guarda aquí: los mensajes vuelven al entrar de nuevo, pero lo que aún no se haya enviado se perdería. Puedes pedirle que lo conserve todo. Te pedirá que lo confirmes.",
    keep: "Conservar mis datos aquí",
    kept: "Tu navegador los conserva.",
    refused: "Tu navegador no ha aceptado. Thyme funciona igual.",
  },

  notice: {
    screen: "Aviso de privacidad",
    version: (version) => `Versión ${version}`,
  },

  notFound: {
    screen: "Página no encontrada",
    title: "Aquí no hay ninguna página",
    help: "Puede que la dirección esté mal escrita. No se ha perdido nada.",
    home: "Ir a Thyme",
  },
};
