import type { ProblemCode } from "../../../app/view.ts";

const OUR_FAULT =
  "Algo ha fallado por nuestra parte. Lo que has escrito se conserva. Inténtalo de nuevo en un momento.";
const NOT_ACCEPTED =
  "Thyme no lo ha aceptado y no ha cambiado nada. Vuelve a cargar la página e inténtalo otra vez.";
const RELOAD =
  "Esta página es más antigua que Thyme. Lo que has escrito se conserva. Vuelve a cargarla.";
const CHANGED =
  "Esto ha cambiado mientras tanto en otro dispositivo. No se ha perdido nada. Inténtalo de nuevo.";

/** Cada una dice qué ha pasado, qué se conserva y qué hacer. */
export const esProblems: Record<ProblemCode, string> = {
  offline: "No hay conexión. Lo que has escrito se conserva. Inténtalo cuando vuelvas a tenerla.",
  bad_link:
    "El enlace no está completo. No ha cambiado nada. Ábrelo otra vez desde el mensaje que recibiste o pide uno nuevo.",
  wrong_role:
    "Este enlace es para otra persona. No ha cambiado nada. Pide el tuyo a quien te lo envió.",
  bad_recovery_code:
    "Hay un error en el código. No ha cambiado nada. Compáralo con tu papel y escríbelo otra vez.",
  link_altered: "Este enlace se cambió por el camino y no es seguro usarlo. Pide uno nuevo.",
  clock_ahead:
    "El reloj de este dispositivo va más de dos días adelantado. Ajústalo e inténtalo de nuevo.",
  passkey_cancelled:
    "No se ha usado la llave de acceso. No ha cambiado nada. Inténtalo cuando quieras.",
  passkey_unsupported:
    "Este navegador no admite llaves de acceso. No ha cambiado nada. Puedes seguir con tu código de recuperación.",
  not_verified:
    "Thyme no ha podido comprobar quién escribió esto y se ha detenido. Tus mensajes se conservan. Llama a la otra persona antes de seguir.",
  storage:
    "Este navegador no deja que Thyme guarde nada. No se ha enviado nada. Sal de la navegación privada o libera espacio e inténtalo de nuevo.",
  too_long: "Es demasiado largo para enviarlo. Se conserva. Acórtalo o envíalo por partes.",
  maybe_sent:
    "No es seguro si esto se envió antes. Se conserva aquí. Mira en la conversación y luego envíalo de nuevo o descártalo.",
  interrupted:
    "Esto se interrumpió al dejar la página. Puede que se haya hecho. Compruébalo antes de repetirlo.",
  file_type:
    "Este tipo de archivo no se puede enviar. No se ha enviado nada. Sí las imágenes, el audio, y los archivos PDF, de texto, CSV, Word y Excel.",
  file_video:
    "Los vídeos no se pueden enviar: pueden llevar el lugar donde se grabaron. No se ha enviado nada. Envía una imagen o un audio.",
  file_heic:
    "Este navegador no puede abrir esta imagen, así que no se pudo quitar su lugar. No se ha enviado nada. Guárdala como JPEG y elige esa.",
  file_empty: "Este archivo está vacío. No se ha enviado nada. Elige otro.",
  file_pixels: "Esta imagen tiene demasiados píxeles. No se ha enviado. Hazla más pequeña.",
  file_damaged:
    "Este archivo no se puede leer. Puede que esté cortado. No se ha enviado nada. Elígelo otra vez.",
  file_changed:
    "Este archivo cambió mientras se leía. No se ha enviado nada de él. Guárdalo y elígelo otra vez.",
  file_lost:
    "Lo que este navegador guardaba de este archivo ya no está. Descártalo y elige el archivo otra vez.",
  file_altered:
    "Lo que ha llegado no es el archivo que se envió. No se ha abierto nada de él. Inténtalo otra vez.",
  device_full:
    "No hay espacio suficiente en este dispositivo. No se ha perdido nada. Libera espacio e inténtalo otra vez.",
  microphone_denied:
    "Thyme no puede usar el micrófono. No se ha grabado nada. Permítelo junto a la dirección de esta página o en los ajustes del dispositivo e inténtalo otra vez.",
  microphone_missing:
    "Este dispositivo no tiene un micrófono que se pueda usar. No se ha grabado nada. Conecta uno e inténtalo otra vez.",
  recording_failed:
    "La grabación no ha funcionado: puede que otro programa esté usando el micrófono. Ciérralo e inténtalo otra vez.",
  unsent_messages:
    "Hay mensajes o eliminaciones sin enviar, así que tu sesión sigue abierta. Se conservan. Conéctate hasta que salgan, o descarta los mensajes, y luego cierra la sesión.",
  bad_request: NOT_ACCEPTED,
  too_large: "Es demasiado grande para enviarlo. Se conserva aquí. Envíalo en partes más pequeñas.",
  unsupported_version: RELOAD,
  origin_refused: NOT_ACCEPTED,
  unauthenticated: "Se ha cerrado tu sesión. Lo que has escrito se conserva. Entra para seguir.",
  device_required:
    "Este dispositivo tiene que volver a entrar. Lo que has escrito se conserva. Entra para seguir.",
  not_found: "Esto ya no está aquí. Puede que se haya borrado. Vuelve a tus conversaciones.",
  rate_limited:
    "Demasiados intentos en poco tiempo. No se ha perdido nada. Espera un minuto y prueba otra vez.",
  storage_full:
    "Tu cuenta está llena: borradores, etiquetas y plantillas ocupan todo su espacio. Tus mensajes no se ven afectados. Borra borradores o plantillas y vuelve a intentarlo.",
  daily_limit:
    "Es todo lo que una cuenta puede enviar en un día. Se conserva aquí. Envíalo de nuevo mañana.",
  invitation_limit:
    "Tienes todas las invitaciones abiertas que es posible tener. No se ha cambiado nada. Retira una o espera a que alguien acepte.",
  push_service_unknown:
    "El servicio de notificaciones de este navegador no es de los que Thyme puede usar. No se ha cambiado nada. Prueba con otro navegador en este dispositivo.",
  challenge_refused: "Ha pasado demasiado tiempo. No ha cambiado nada. Inténtalo de nuevo.",
  passkey_refused:
    "No se ha aceptado la llave de acceso. No ha cambiado nada. Inténtalo de nuevo o usa tu código de recuperación.",
  passkey_unknown:
    "Thyme no conoce esta llave de acceso. No ha cambiado nada. Elige otra o usa tu código de recuperación.",
  recovery_refused:
    "Ninguna cuenta tiene este código. No ha cambiado nada. Compáralo con tu papel y escríbelo otra vez.",
  manifest_refused: NOT_ACCEPTED,
  stale_version: CHANGED,
  already_exists: "Esto ya existe y no ha cambiado nada. Vuelve a cargar la página para verlo.",
  setup_done:
    "Thyme ya está en marcha. No ha cambiado nada. Entra o pregunta a quien lo administra.",
  setup_refused:
    "Este no es el enlace de instalación correcto. No ha cambiado nada. Copia el más reciente de la terminal.",
  invitation_used: "Esta invitación ya se ha usado. Si fuiste tú, entra. Si no, pide una nueva.",
  invitation_withdrawn: "Esta invitación se ha retirado. No ha cambiado nada. Pide una nueva.",
  invitation_expired: "Esta invitación ha caducado. No ha cambiado nada. Pide una nueva.",
  claim_refused: "No se ha podido comprobar la invitación. No ha cambiado nada. Pide una nueva.",
  stale_epoch: CHANGED,
  bundle_refused: NOT_ACCEPTED,
  out_of_order: "Antes tiene que llegar otro mensaje. Este se conserva y sale después.",
  rolled_back: "El servidor ya no tiene toda esta conversación. No se envía nada hasta aclararlo.",
  sequence_conflict:
    "Este navegador tiene una copia antigua de tu cuenta. Tus mensajes se conservan. Cierra la sesión y vuelve a entrar.",
  blob_gone:
    "El archivo ya no está en el servidor porque esperó demasiado. Se conserva aquí. Envíalo de nuevo.",
  upload_incomplete:
    "Hay que enviar de nuevo algunas partes del archivo. Se conserva aquí. Inténtalo en un momento.",
  upload_mismatch:
    "El archivo no llegó como se anunció. Se conserva aquí y no se ha enviado nada. Envíalo de nuevo.",
  file_too_large:
    "Este archivo es mayor de lo permitido aquí. No se ha enviado nada y lo que has escrito se conserva. Redúcelo o envíalo por partes.",
  quota_exceeded:
    "No queda sitio para más archivos en esta conversación. El archivo y lo que has escrito se conservan aquí. Elimina mensajes con archivos que ya nadie necesite e inténtalo de nuevo.",
  range_refused:
    "Esa parte del archivo no existe. No ha cambiado nada. Cierra el archivo y ábrelo otra vez.",
  unavailable: "Thyme no responde en este momento. No se ha perdido nada. Inténtalo en un rato.",
  internal: OUR_FAULT,
};
