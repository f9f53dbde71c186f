import { randomBytes } from "node:crypto";
import { type Socket, connect } from "node:net";

/** A WebSocket frame of the client (RFC 6455 section 5.2): final, binary, masked. */
function masked(payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x82;
  if (length < 126) head[1] = 0x80 | length;
  else if (length < 65_536) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = randomBytes(4);
  const body = Buffer.from(payload);
  for (let i = 0; i < length; i++) body[i] = (body[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return Buffer.concat([head, mask, body]);
}

/** A socket of a client that may stop reading, as browsers' sockets cannot. */
export class RawSocket {
  heard: (payload: Uint8Array) => void = () => undefined;
  readonly #socket: Socket;
  #rest = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    // A server that closes an attacker's socket resets it while frames are on their way.
    socket.on("error", () => undefined);
  }

  /** Rejects if the server answers anything but an upgrade. */
  static open(origin: URL, path: string, cookie: string): Promise<RawSocket> {
    const socket = connect(Number(origin.port), origin.hostname);
    const raw = new RawSocket(socket);
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: ${origin.host}`,
      `Origin: ${origin.origin}`,
      `Cookie: ${cookie}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    ];
    return new Promise((resolve, reject) => {
      let head = Buffer.alloc(0);
      const read = (part: Buffer): void => {
        head = Buffer.concat([head, part]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        socket.off("data", read);
        const status = head.subarray(9, 12).toString();
        if (status !== "101") return reject(new Error(`no upgrade: ${status}`));
        socket.on("data", (more) => raw.#take(more));
        resolve(raw);
        raw.#take(head.subarray(end + 4));
      };
      socket.on("data", read);
      socket.once("error", reject);
      socket.once("connect", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    });
  }

  #take(part: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, part]);
    for (;;) {
      const short = (this.#rest[1] ?? 0) & 0x7f;
      const at = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.#rest.length < at) return;
      const length =
        short < 126
          ? short
          : short === 126
            ? this.#rest.readUInt16BE(2)
            : Number(this.#rest.readBigUInt64BE(2));
      if (this.#rest.length < at + length) return;
      const isBinary = ((this.#rest[0] ?? 0) & 0x0f) === 2;
      const payload = new Uint8Array(this.#rest.subarray(at, at + length));
      this.#rest = this.#rest.subarray(at + length);
      if (isBinary) this.heard(payload);
    }
  }

  send(payload: Uint8Array): void {
    this.#socket.write(masked(payload));
  }

  /** From here on nothing is read: what the server sends stays with it. */
  stopReading(): void {
    this.#socket.pause();
  }

  end(): void {
    this.#socket.destroy();
  }
}
