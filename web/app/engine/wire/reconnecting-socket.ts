import { type Socket, type SocketEnd, openSocket } from "../../../platform/socket.ts";
import { systemOnline } from "../../../platform/network.ts";
import { backoffMs } from "./backoff.ts";

/** A socket that is kept open: reconnects with backoff and jitter until it is closed for good. */
export interface ReconnectingSocket {
  /** false when there is no open socket now */
  send(frame: Uint8Array): boolean;
  /** connects at once if it was waiting or resting (the network came back, the person looks again) */
  hurry(): void;
  /** cuts the socket because the network went; it comes back by itself */
  cut(): void;
  close(): void;
}

export interface ReconnectingEvents {
  /** resolves when what takes the frames is here; without it a socket is of no use, and comes back later */
  ready(): Promise<unknown>;
  opened(): void;
  received(frame: Uint8Array): void;
  /** `fatal` ends it, `rest` leaves it until it is hurried: what the close code means is for the owner to settle */
  lost(end: SocketEnd): "again" | "rest" | "fatal";
}

export function keepConnected(path: string, events: ReconnectingEvents): ReconnectingSocket {
  let socket: Socket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  const connect = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (closed || socket || !systemOnline()) return;
    const opening = openSocket(path, {
      opened() {
        events.ready().then(
          () => socket === opening && events.opened(),
          () => opening.close(),
        );
      },
      received(frame) {
        // A server that accepts and drops at once must not be called in a tight loop: a frame is proof.
        failures = 0;
        events.received(frame);
      },
      ended(end) {
        if (socket === opening) socket = null;
        if (closed) return;
        switch (events.lost(end)) {
          case "fatal":
            closed = true;
            return;
          case "rest":
            return;
          case "again":
            timer ??= setTimeout(connect, backoffMs(failures++, Math.random()));
        }
      },
    });
    socket = opening;
  };

  connect();
  return {
    send: (frame) => socket?.send(frame) ?? false,
    hurry() {
      failures = 0;
      connect();
    },
    cut: () => socket?.close(),
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
      socket = null;
    },
  };
}
