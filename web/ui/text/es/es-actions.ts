import type { Catalogue } from "../en/catalogue.ts";

export const esActions: Pick<
  Catalogue,
  "actions" | "target" | "quote" | "change" | "reactions" | "emoji" | "messageShortcuts"
> = {
  actions: {
    name: "Acciones del mensaje",
    reply: "Responder",
    edit: "Editar",
    delete: "Eliminar para todos",
    react: "Reaccionar",
    copy: "Copiar texto",
    copied: "Copiado",
    copyRefused: "Este navegador no permite copiar.",
    deleteTitle: "¿Eliminar este mensaje?",
    deleteHelp:
      "Se elimina para ambos, en todos los dispositivos. Queda a la vista que eliminaste un mensaje y cuándo. Lo que la otra persona ya haya leído o copiado no se puede deshacer.",
  },

  target: {
    replyTo: (name) => `Responder a ${name}`,
    replyToOwn: "Responder a tu mensaje",
    cancelReply: "Cancelar respuesta",
    editing: "Editar mensaje",
    cancelEdit: "Cancelar edición",
    save: "Guardar",
    editFailed: "Tu texto sigue en el cuadro.",
    gone: {
      reply: "El mensaje al que respondías se ha eliminado. Tu texto sigue en el cuadro.",
      edit: "El mensaje que cambiabas se ha eliminado. Tu texto está en el cuadro, como mensaje nuevo.",
      unchanged: "El mensaje que cambiabas se ha eliminado.",
    },
  },

  quote: {
    answers: "En respuesta a",
    deleted: "Un mensaje eliminado",
    elsewhere: "Un mensaje anterior",
  },

  change: {
    edited: "editado",
    editedAt: (when) => `Editado: ${when}`,
    waiting: {
      edit: "Tu edición está pendiente de enviar",
      deletion: "Pendiente de eliminar",
      reaction: "Tu reacción está pendiente de enviar",
    },
    failed: {
      edit: "Tu edición no se ha enviado.",
      deletion: "El mensaje no se ha eliminado.",
      reaction: "Tu reacción no se ha enviado.",
    },
  },

  reactions: {
    from: (shown, names) => `${shown} de ${names}`,
    you: "ti",
    more: "Más emojis",
    quick: {
      "👍": "Pulgar hacia arriba",
      "❤️": "Corazón",
      "😂": "Risa",
      "😮": "Sorpresa",
      "😢": "Tristeza",
      "🙏": "Gracias",
    },
  },

  emoji: {
    name: "Emojis",
    search: "Buscar emojis",
    recent: "Usados hace poco",
    found: "Encontrados",
    none: "Ningún emoji se llama así",
    missing: "No se han podido cargar los emojis. Comprueba tu conexión e inténtalo de nuevo.",
  },

  messageShortcuts: {
    title: "En una conversación",
    move: "Ir de un mensaje a otro",
    open: "Acciones del mensaje",
    reply: "Responder",
    edit: "Editar",
    back: "Volver a escribir",
    editLast: "Editar tu último mensaje, con el cuadro vacío",
    menu: "Menú",
  },
};
