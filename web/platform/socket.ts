/** Why a socket ended; `code` is 1006 when the connection was cut. */
export interface SocketEnd {
  readonly code: number;
}

export interface Socket {
  /** false when the socket is no longer open; the frame was not sent. */
  send(frame: Uint8Array): boolean;
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  received(frame: Uint8Array): void;
  /** once, whoever closed it */
  ended(end: SocketEnd): void;
}

const HANDSHAKE_MS = 15_000;

/** Opens a WebSocket on this origin for binary frames. `path` starts with /ws/. */
export function openSocket(path: string, events: SocketEvents): Socket {
  const url = new URL(path, self.location.origin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  let ended = false;
  const end = (code: number) => {
    if (ended) return;
    ended = true;
    clearTimeout(handshake);
    events.ended({ code });
  };
  // A half-open network can leave a handshake without an answer for minutes.
  const handshake = setTimeout(() => {
    socket.close();
    end(1006);
  }, HANDSHAKE_MS);
  socket.addEventListener("open", () => {
    clearTimeout(handshake);
    if (!ended) events.opened();
  });
  socket.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (!ended && event.data instanceof ArrayBuffer) events.received(new Uint8Array(event.data));
  });
  socket.addEventListener("close", (event) => end(event.code));
  return {
    send(frame) {
      if (ended || socket.readyState !== WebSocket.OPEN) return false;
      socket.send(new Uint8Array(frame));
      return true;
    },
    close() {
      socket.close(1000);
      // The closing handshake may never finish on a dead network.
      end(1000);
    },
  };
}
