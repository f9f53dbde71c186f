import type { NoticeText } from "./notice-text.ts";

export const noticeEs: NoticeText = [
  {
    heading: "En pocas palabras",
    paragraphs: [
      "Thyme lleva mensajes entre tu nutricionista y tú. Se cifran en tu dispositivo y solo se abren en los dispositivos de quienes participan en la conversación. Quienes gestionan Thyme no pueden leerlos, y tampoco podría hacerlo alguien que robara la base de datos.",
    ],
  },
  {
    heading: "Quién es responsable",
    paragraphs: [
      "Tu nutricionista decide qué se escribe y qué se conserva sobre tu atención, y responde de ello. Quien opera este sitio gestiona Thyme por encargo de tu nutricionista y guarda lo que no puede leer. Cloudflare le proporciona los ordenadores.",
    ],
  },
  {
    heading: "Qué se guarda y no podemos leer",
    paragraphs: [
      "Tus mensajes, que pueden decir algo sobre tu salud. El nombre que das como paciente. Las etiquetas que los nutricionistas ponen a sus pacientes. Todo ello se guarda cifrado y solo pueden abrirlo quienes participan en la conversación.",
    ],
  },
  {
    heading: "Qué podemos ver",
    paragraphs: [
      "Qué cuentas se escriben entre sí y cuándo, la longitud aproximada de cada mensaje y hasta dónde se ha leído. Cuántos dispositivos usas y cuándo entran. Tu dirección de internet mientras tienes conexión. El nombre público de cada nutricionista. Qué versión de este aviso aceptaste y cuándo.",
      "Lo usamos solo para entregar los mensajes, mantener seguro el servicio y cumplir la ley. No hay publicidad ni seguimiento, y no se vende nada.",
    ],
  },
  {
    heading: "Por qué podemos hacerlo",
    paragraphs: [
      "Lo que escribes sobre tu salud se guarda porque lo aceptas al unirte. Puedes retirar ese consentimiento en cualquier momento; lo guardado antes conforme a la ley sigue siendo lícito. Gestionar tu cuenta es necesario para darte el servicio. Mantenerlo seguro es nuestro interés legítimo.",
    ],
  },
  {
    heading: "Dónde y durante cuánto tiempo",
    paragraphs: [
      "Los mensajes se guardan en ordenadores de Cloudflare y en los dispositivos de quienes participan en la conversación. Se conservan mientras exista la conversación. La ley puede obligar a tu nutricionista a guardar la documentación de tu atención durante unos años; pregúntale cuántos.",
      "La sesión termina 30 días después de tu último uso de Thyme. Al cerrar la sesión, tus mensajes se borran de ese dispositivo.",
    ],
  },
  {
    heading: "Tus derechos",
    paragraphs: [
      "Puedes pedir que te mostremos lo que se guarda sobre ti, que se corrija, se borre o se limite, llevártelo y oponerte. Pídeselo a tu nutricionista, en Thyme o en persona, o a quien opera este sitio. También puedes reclamar ante la autoridad de protección de datos del lugar donde vives.",
    ],
  },
  {
    heading: "Qué conviene saber",
    paragraphs: [
      "Si pierdes a la vez tu llave de acceso y tu código de recuperación, nadie puede abrir tus mensajes por ti. Quien tenga tu código de recuperación puede leerlos: guárdalo bien.",
      "La otra persona puede conservar o copiar lo que envías. Thyme no es para urgencias: si tienes una, llama al número de emergencias.",
    ],
  },
];
