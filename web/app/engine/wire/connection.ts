import { systemOnline } from "../../../platform/network.ts";
import type { Connection } from "../../view.ts";

/** How long a lost connection may take to come back before the person is told. */
const GRACE_MS = 3_000;

/** Turns the socket's comings and goings into what a person is told. */
export interface ConnectionWatch {
  connected(connected: boolean): void;
  /** this device's other tabs have taken the socket's place; it comes back when the person looks here */
  elsewhere(): void;
  /** the conversation's own socket is open; of the network it says nothing new otherwise */
  back(): void;
  network(online: boolean): void;
  close(): void;
}

export function watchConnection(emit: (connection: Connection) => void): ConnectionWatch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told: Connection = "online";

  const tell = (connection: Connection): void => {
    clearTimeout(timer);
    timer = undefined;
    if (connection === told) return;
    told = connection;
    emit(connection);
  };
  const waitForIt = (): void => {
    timer ??= setTimeout(() => tell("offline"), GRACE_MS);
  };

  if (systemOnline()) waitForIt();
  else tell("offline");
  return {
    connected(connected) {
      if (connected) tell("online");
      else if (!systemOnline()) tell("offline");
      else if (told === "online") waitForIt();
    },
    elsewhere: () => tell("elsewhere"),
    back() {
      if (told === "elsewhere") tell("online");
    },
    network(online) {
      if (!online) return tell("offline");
      // It is said again when a socket is open; until then nothing is known.
      told = "connecting";
      waitForIt();
    },
    close: () => clearTimeout(timer),
  };
}
