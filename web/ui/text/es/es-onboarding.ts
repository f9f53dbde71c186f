import type { Catalogue } from "../en/catalogue.ts";

export const esOnboarding: Pick<Catalogue, "onboarding" | "printedKit" | "link"> = {
  onboarding: {
    setupTitle: "Pon Thyme en marcha",
    setupIntro:
      "Serás la primera persona que administra Thyme. Podrás invitar a profesionales y mantener el orden, pero no leer los mensajes de nadie.",
    practitionerTitle: "Te damos la bienvenida a Thyme",
    practitionerIntro:
      "Aquí escribes con tus pacientes. Solo tú y cada paciente pueden leerlo. Nadie más, tampoco nosotros.",
    patientTitle: (inviter) => `Escribe con ${inviter} en privado`,
    patientIntro:
      "Lo que se escribe y se envía aquí solo pueden leerlo las dos personas de la conversación. Nadie más, tampoco nosotros.",
    inviterRole: "Tu nutricionista te ha invitado",
    someNutritionist: "tu nutricionista",
    step: (now, of) => `Paso ${now} de ${of}`,
    yourName: "Tu nombre",
    nameHintPatient: (inviter) => `Solo lo ve ${inviter}.`,
    nameHintPractitioner: "Así te ven tus pacientes.",
    nameHintAdministrator: "Aparece en tus propios dispositivos.",
    nameMissing: "Escribe tu nombre para seguir.",
    nameTooLong: (max) => `Usa como máximo ${max} caracteres.`,
    consent: "He leído el aviso de privacidad",
    consentPatient:
      "Acepto que lo que escriba sobre mi salud se guarde cifrado, de modo que solo mi nutricionista y yo podamos leerlo.",
    consentOther: "Acepto que mi cuenta se guarde como allí se explica.",
    consentMissing: "Lee el aviso de privacidad y marca la casilla para seguir.",
    readNotice: "Leer el aviso de privacidad",
    promise: "Tardas un minuto. Sin contraseña y sin número de teléfono.",
    kitTitle: "Guarda este código en un lugar seguro",
    kitIntro:
      "Si algún día pierdes el teléfono, este código te devuelve tus mensajes. Solo lo tienes tú. Nosotros no podemos dártelo otra vez.",
    kitIntroAdministrator:
      "Si algún día pierdes tu dispositivo, con este código vuelves a entrar. Solo lo tienes tú. Nosotros no podemos dártelo otra vez.",
    recoveryCode: "Código de recuperación",
    print: "Imprimir",
    kitStored: "He guardado mi código de recuperación",
    kitMissing: "Apunta el código o imprímelo y marca la casilla para seguir.",
    passkeyTitle: "Cómo entras",
    passkeyIntro:
      "Con una llave de acceso entras con tu huella, tu cara o el código de la pantalla. No hay nada que recordar.",
    createPasskey: "Crear llave de acceso",
    confirmTitle: "Una vez más, para asegurarnos",
    confirmIntro:
      "Usa la llave de acceso que acabas de crear. Así comprobamos que también abre tus mensajes en un teléfono nuevo.",
    confirmAgain: "Una última vez, por favor. Después ya está.",
    confirmPasskey: "Confirmar llave de acceso",
    withoutPasskey: "Seguir sin llave de acceso",
    withoutPasskeyHint: "Entrarías siempre con tu código de recuperación.",
    noPasskeysHere:
      "Este navegador no puede crear llaves de acceso. Entrarás con tu código de recuperación.",
    finishTitle: "Ya casi está",
    finishing:
      "Tu cuenta se está creando en este dispositivo y se guarda cifrada. No cierres esta página.",
    finishFailedTitle: "Todavía no está",
    joinTitle: (inviter) => `Empieza una conversación con ${inviter}`,
    joinIntro: (name) =>
      `Tienes la sesión abierta como ${name}. La nueva conversación aparecerá junto a las que ya tienes.`,
    join: "Unirse a la conversación",
    otherAccountTitle: "Este enlace crea una cuenta nueva",
    otherAccountIntro: (name) =>
      `Tienes la sesión abierta como ${name}. Para usar el enlace, cierra antes la sesión. Tus mensajes se quedan donde están.`,
    signOutFirst: "Cerrar sesión y usar el enlace",
    toConversations: "Ir a Thyme",
  },

  printedKit: {
    title: "Código de recuperación de Thyme",
    intro:
      "Si pierdes el teléfono o el ordenador, este código abre tu cuenta en otro nuevo, con tus mensajes.",
    name: "Nombre",
    code: "Código de recuperación",
    address: "Dirección",
    made: "Fecha",
    steps: [
      "Abre la dirección en tu nuevo teléfono u ordenador.",
      "Elige «Usar código de recuperación».",
      "Escribe el código. No importan las mayúsculas ni los espacios.",
    ],
    keepSafe:
      "Quien tenga este papel puede leer tus mensajes. Guárdalo donde guardas tu documento de identidad. Nadie, tampoco nosotros, puede volver a darte el código.",
  },

  link: {
    usedTitle: "Este enlace ya se ha usado",
    used: {
      patient: "Cada enlace sirve una sola vez. Si fuiste tú, entra: ahí están tus mensajes.",
      practitioner: "Cada enlace sirve una sola vez. Si fuiste tú, entra para seguir.",
      setup: "Thyme ya está en marcha.",
    },
    mine: {
      patient: "Entré con este enlace",
      practitioner: "Entré con este enlace",
      setup: "Lo hice yo",
    },
    notMine: "No fui yo",
    back: "Volver",
    foreignTitle: "Otra persona ha usado tu enlace",
    foreign: {
      patient: (inviter) =>
        `Avisa enseguida a ${inviter ?? "tu nutricionista"}, por teléfono o en persona: puede que alguien esté escribiendo en tu lugar. Puede cerrar ese acceso y enviarte un enlace nuevo.`,
      practitioner: () =>
        "Avisa enseguida a quien administra Thyme, por teléfono o en persona. Puede cerrar ese acceso y enviarte un enlace nuevo.",
      setup: () =>
        "Avisa enseguida a quien mantiene este Thyme: otra persona se ha convertido en su administradora.",
    },
    withdrawnTitle: "Esta invitación se ha retirado",
    withdrawn: (inviter) =>
      `${inviter ?? "Quien la envió"} la ha retirado. No se ha guardado nada sobre ti. Si crees que es un error, pide una nueva.`,
    alteredTitle: "Este enlace se ha cambiado",
    altered: (inviter) =>
      `No lleva a quien dice que lo envía, así que no te has unido a nadie. Pide uno nuevo a ${inviter ?? "quien lo envió"} y fíjate en cómo te llega.`,
    expiredTitle: "Esta invitación ha caducado",
    expired: (inviter) =>
      `Por seguridad, los enlaces duran un tiempo limitado. No se ha guardado nada sobre ti. Pide uno nuevo a ${inviter ?? "quien te lo envió"}.`,
    badTitle: "Abre el enlace otra vez",
    bad: "Aquí falta la parte secreta del enlace. Se pierde al volver a cargar la página o al copiar solo un trozo. Vuelve al mensaje que recibiste y ábrelo desde allí.",
    problemTitle: "No se ha podido abrir el enlace",
  },
};
