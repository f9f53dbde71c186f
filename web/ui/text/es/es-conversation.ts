import type { Catalogue } from "../en/catalogue.ts";
import { counted } from "../en/counts.ts";

const count = (n: number, one: string, other: string): string => counted("es", n, one, other);
const devices = (n: number): string => count(n, "dispositivo", "dispositivos");

export const esConversation: Pick<
  Catalogue,
  "conversation" | "message" | "notices" | "composer" | "details"
> = {
  conversation: {
    screen: "Conversación",
    back: "Volver a las conversaciones",
    verifiedByYou: "Verificado por tu invitación",
    verifiedByThem: "Verificado por su invitación",
    waiting: "Aún no se ha unido",
    joining: "Uniéndose",
    stopped: "Detenida por seguridad",
    updating: "Actualizando",
    log: "Mensajes",
    newMessages: "Mensajes nuevos",
    older: "Cargando mensajes anteriores",
    olderUnreachable: "Ahora no se puede acceder a los mensajes anteriores.",
    latest: "Ir al último",
    latestNew: (n) => count(n, "mensaje nuevo", "mensajes nuevos"),
    arrived: (name, message) => `${name}: ${message}`,
    empty: "Aún no hay mensajes. Saluda.",
    blockedTitle: "El envío se ha detenido",
    blocked:
      "Algo de esta conversación no se ha podido verificar. Puede ser un fallo o que alguien esté interfiriendo. Tus mensajes se conservan. Llama a la otra persona antes de seguir y avisa a quien administra Thyme.",
    wantingTitle: "El envío está en espera",
    wanting: {
      bundle: (since) =>
        `Un cambio de esta conversación falta o no se ha podido verificar desde el ${since}.`,
      manifest: (since) =>
        `La lista de dispositivos de alguien falta o no se ha podido verificar desde el ${since}.`,
      share: (since) =>
        `Aquello con lo que se cifran los mensajes nuevos falta o no se ha podido verificar desde el ${since}.`,
      log: (since) =>
        `Lo que dice el servidor no coincide con los mensajes de este dispositivo desde el ${since}.`,
    },
    wantingHelp:
      "Lo que escribas se conserva y se envía solo cuando se resuelva. Si dura, avisa a quien administra Thyme.",
    joiningHelp:
      "Te estamos añadiendo a esta conversación. Lo que escribas se conserva y se envía después.",
    missingTitle: "Esta conversación no está aquí",
    missing: "Puede que sea de otra cuenta o que se haya borrado.",
    toList: "Ir a tus conversaciones",
  },

  message: {
    name: (sender, time) => `${sender}, ${time}`,
    silent: "sin aviso",
    cameSilently: "Llegó sin notificación",
    writtenElsewhen: "otro reloj",
    writtenAt: (when) => `Según el reloj de quien lo envió: ${when}`,
    queued: "Pendiente de enviar",
    sending: "Enviando",
    sent: "Enviado",
    delivered: "Entregado",
    read: "Leído",
    deletedByYou: (when: string) => `Eliminaste este mensaje · ${when}`,
    deletedBy: (name: string, when: string) => `Eliminado por ${name} · ${when}`,
    failed: "No enviado",
    retry: "Reintentar",
    discard: "Descartar",
  },

  notices: {
    created: "Aquí empieza la conversación",
    invited: "Has creado una invitación",
    withdrawn: "La invitación se ha retirado",
    joined: (name) => `${name} se ha unido`,
    joinedLate: (name) => `${name} se ha unido cuando la invitación ya había caducado`,
    joinedOwn: "Te has unido",
    newDevice: (name) => `${name} usa un dispositivo nuevo`,
    newDeviceOwn: "Usas un dispositivo nuevo",
    removedDevice: "El mensaje siguiente vino de un dispositivo que ya se quitó",
    notVerified:
      "Un mensaje no se ha podido verificar y por eso no se muestra. Los siguientes no están afectados.",
    missing: "Aquí falta un mensaje. Pide a quien lo escribió que lo envíe otra vez.",
    updateApp: "Vuelve a cargar Thyme para leer este mensaje. Se conserva.",
  },

  composer: {
    message: "Mensaje",
    send: "Enviar",
    left: (n) => `Te ${n === 1 ? "queda" : "quedan"} ${count(n, "carácter", "caracteres")}`,
    over: (n) =>
      `${n === 1 ? "Sobra" : "Sobran"} ${count(n, "carácter", "caracteres")}. Acórtalo o envíalo por partes.`,
    failed: "Tu texto vuelve a estar en el cuadro.",
  },

  details: {
    open: "Detalles",
    whoReads: "Quién puede leer esto",
    readers: (own, name, theirs) =>
      `Tú, en ${devices(own)}, y ${name}, en ${theirs}. Nadie más, tampoco Thyme.`,
    readersAlone: (own) =>
      `Tú, en ${devices(own)}. También quien se una con tu invitación. Nadie más, tampoco Thyme.`,
    howVerified: "Cómo sabes quién es",
    byYou: (name) => `${name} se unió con el enlace que le diste. Ese enlace sirve una sola vez.`,
    byThem: (name) =>
      `Te uniste con el enlace que te dio ${name}. Thyme ha comprobado que es suyo.`,
    notYet: "Aún no se ha unido nadie. El enlace que entregues servirá de comprobación.",
    since: "Conversación desde el",
    failures: "Lo que no se ha podido verificar",
    failuresHelp:
      "Llegó y no superó una comprobación, así que no se usó. Puede ser un fallo o que alguien esté interfiriendo.",
    failure: {
      bundle: "Un cambio de esta conversación",
      manifest: "La lista de dispositivos de alguien",
      share: "Aquello con lo que se cifran los mensajes",
      message: "Un mensaje",
      log: "Lo que dice el servidor de esta conversación",
    },
  },
};
