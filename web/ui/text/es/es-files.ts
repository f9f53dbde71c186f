import type { Catalogue } from "../en/catalogue.ts";
import { counted } from "../en/counts.ts";

const count = (n: number, one: string, other: string): string => counted("es", n, one, other);

export const esFiles: Pick<
  Catalogue,
  "files" | "tray" | "player" | "recorder" | "lightbox" | "gallery"
> = {
  files: {
    attach: "Adjuntar archivo",
    choose: { photo: "Foto", camera: "Hacer una foto", file: "Archivo" },
    kinds: { image: "Foto", document: "Documento", audio: "Sonido", voice: "Nota de voz" },
    voiceOf: (time) => `Nota de voz, ${time}`,
    audioOf: (name, time) => `${name} · ${time}`,
    limit: (size) =>
      `Hasta ${size} cada uno: imágenes, audio, PDF, texto, Word y Excel. Vídeos no.`,
    open: "Abrir foto",
    load: (size) => `Cargar foto, ${size}`,
    save: "Guardar",
    saveName: (name) => `Guardar ${name}`,
    saved: "Guardado en este dispositivo",
    notLoaded: "Sin cargar: no hay conexión.",
    again: "Intentar de nuevo",
    unnamed: "Foto",
    progress: (done, total) => `${done} de ${total}`,
    left: (progress, time) => `${progress} · quedan ${time}`,
    waiting: "Esperando para subir",
    offline: "Se seguirá subiendo cuando tengas conexión",
    tab: "Deja abierta esta pestaña hasta que se envíe",
    cancel: (name) => `Cancelar la subida de ${name}`,
    cancelDownload: (name) => `Dejar de cargar ${name}`,
    drop: (name) => `Suelta para enviar a ${name}`,
    dropHelp: "Podrás verlo antes de enviarlo.",
    deleteHelp: "El archivo también se elimina.",
    forward: "Reenviar",
    forwardTitle: "Reenviar a",
    forwardSearch: "Buscar conversaciones",
    forwardNone: "Ninguna conversación se llama así",
    forwarded: (name) => `Reenviado a ${name}`,
    show: "Ver en la conversación",
  },

  tray: {
    label: "Por enviar",
    looking: "Mirando el archivo",
    remove: (name) => `Quitar ${name}`,
    keepsMetadata:
      "Conserva lo que anotó su programa: puede llevar dentro el nombre del autor y fechas.",
    full: "Calidad completa",
    fullHelp:
      "Envía todos los píxeles y tarda más. Si no, las fotos se hacen más pequeñas. El lugar y la cámara se quitan siempre.",
    caption: "Añade unas palabras",
    send: (n) => (n === 1 ? "Enviar archivo" : `Enviar ${count(n, "archivo", "archivos")}`),
    tooMany: (n) => `${n} archivos a la vez. Los demás se han dejado fuera.`,
    room: (size) =>
      `A los archivos de esta conversación les quedan ${size}. Quita alguno de estos o elimina archivos antiguos.`,
    tooLarge: (size) =>
      `Este archivo ocupa más de ${size}, lo máximo que se puede enviar aquí. Hazlo más pequeño.`,
    failed: "Lo que no se ha enviado sigue aquí.",
    tab: "Este navegador no guarda copia. Deja abierta esta pestaña hasta que se envíen los archivos.",
  },

  player: {
    play: "Reproducir",
    pause: "Pausar",
    place: "Momento de la grabación",
    at: (place, of) => `${place} de ${of}`,
    times: (speed) => `×${speed}`,
    speed: (times) => `Velocidad ${times}`,
    failed: "No se ha podido reproducir. Guárdalo y ábrelo con otro programa.",
  },

  recorder: {
    record: "Grabar nota de voz",
    bar: "Nota de voz",
    asking: "Permite el micrófono en tu navegador",
    recording: "Grabando",
    time: "Grabado",
    left: (time) => `Quedan ${time}`,
    cancel: "Descartar la grabación",
    stop: "Parar",
    send: "Enviar nota de voz",
    finishing: "Preparándola",
    ended: "Cinco minutos es lo máximo. Tu grabación se conserva: escúchala y envíala.",
    lost: "Se ha perdido el micrófono. Lo grabado se conserva.",
    sendFailed: "Tu grabación sigue aquí.",
    again: "Intentar de nuevo",
    close: "Cerrar",
    name: (when) => `Nota de voz ${when}`,
  },

  lightbox: {
    name: "Foto",
    place: (n, of) => `${n} de ${of}`,
    next: "Foto siguiente",
    previous: "Foto anterior",
    zoomIn: "Acercar",
    zoomOut: "Alejar",
    from: (name, when) => `De ${name}, ${when}`,
    loading: "La foto se está cargando",
  },

  gallery: {
    link: "Archivos",
    screen: "Archivos",
    back: "Volver a la conversación",
    tabs: { image: "Fotos", document: "Documentos", audio: "Voz" },
    tabsLabel: "Tipo de archivo",
    empty: {
      image: "Todavía no hay fotos",
      document: "Todavía no hay documentos",
      audio: "Todavía no hay notas de voz",
    },
    emptyHelp: "Aquí aparece lo que os enviáis.",
    more: "Mostrar más",
    older:
      "Los archivos más antiguos aparecen cuando hayas llegado hasta ellos en la conversación.",
    offline: "Estás sin conexión. Lo que no está en este dispositivo se podrá abrir después.",
    failed: "No se ha podido hacer la lista de archivos.",
    count: (n) => count(n, "archivo", "archivos"),
    actions: (name) => `Acciones para ${name}`,
  },
};
