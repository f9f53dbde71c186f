import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
} from "node:crypto";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** How the service answers pushes to one subscription, one after the other; the last answer stays. */
export interface PushAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A push as the service got it and as the device reads it. */
export interface ReceivedPush {
  readonly text: string;
  /** of the body, encrypted */
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** of the VAPID token, whose signature was verified with the key that came with it */
  readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string };
  readonly algorithm: string;
  /** base64url */
  readonly publicKey: string;
}

/** What a browser gives away of a subscription. */
export interface TestSubscription {
  readonly id: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

interface Device {
  readonly ecdh: ReturnType<typeof createECDH>;
  readonly auth: Buffer;
  readonly answers: PushAnswer[];
  readonly log: { pushes: ReceivedPush[]; followed: number };
}

const hkdf = (salt: Buffer, ikm: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync("sha256", ikm, salt, info, length));

/** RFC 8291 section 3.4 and RFC 8188 section 2, in their words and by nothing that the Worker uses. */
export function decryptPush({ ecdh, auth }: Pick<Device, "ecdh" | "auth">, body: Buffer): string {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const idLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + idLength);
  const ciphertext = body.subarray(21 + idLength);
  if (idLength !== 65 || ciphertext.length > recordSize) throw new RangeError("header");
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), ecdh.getPublicKey(), senderKey]);
  const ikm = hkdf(auth, ecdh.computeSecret(senderKey), info, 32);
  const key = hkdf(salt, ikm, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = hkdf(salt, ikm, Buffer.from("Content-Encoding: nonce\0"), 12);
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(ciphertext.subarray(-16));
  const padded = Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
  // The last record: 2, then zeros.
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (padded[end] !== 2) throw new RangeError("delimiter");
  return padded.subarray(0, end).toString("utf8");
}

/** RFC 8292: the token of the Authorization header. Throws unless its signature is that of the key beside it. */
export function readVapid(
  authorization: string,
): Pick<ReceivedPush, "claims" | "algorithm" | "publicKey"> {
  const [, token = "", publicKey = ""] =
    /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  const [header = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(publicKey, "base64url");
  const x = point.subarray(1, 33).toString("base64url");
  const y = point.subarray(33).toString("base64url");
  const key = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = Buffer.from(`${header}.${claims}`);
  const options = { key, dsaEncoding: "ieee-p1363" } as const;
  if (!verify("sha256", signed, options, Buffer.from(signature, "base64url"))) {
    throw new RangeError("signature");
  }
  const json = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString());
  return { claims: json(claims), algorithm: json(header).alg, publicKey };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A push service on this machine: makes subscriptions, answers as it was told, and shows what came. */
export async function startPushService(): Promise<{
  readonly url: string;
  readonly server: Server;
}> {
  const devices = new Map<string, Device>();
  let url = "";

  const subscribe = (answers: PushAnswer[]): TestSubscription => {
    const ecdh = createECDH("prime256v1");
    const p256dh = ecdh.generateKeys().toString("base64url");
    const auth = randomBytes(16);
    const id = randomBytes(8).toString("hex");
    devices.set(id, { ecdh, auth, answers, log: { pushes: [], followed: 0 } });
    return { id, endpoint: `${url}/push/${id}`, p256dh, auth: auth.toString("base64url") };
  };

  const receive = async (device: Device, request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const names = ["ttl", "urgency", "content-encoding", "topic", "content-length"];
    device.log.pushes.push({
      text: decryptPush(device, body),
      bytes: body.length,
      headers: Object.fromEntries(names.map((name) => [name, request.headers[name]?.toString()])),
      ...readVapid(request.headers.authorization ?? ""),
    });
    const { answers } = device;
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 201 };
    // 0: no answer, ever.
    if (answer.status === 0) return;
    response.writeHead(answer.status, answer.headers);
    response.end();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, what = "", id = ""] = (request.url ?? "").split("/");
    const device = devices.get(id);
    const json = (value: unknown) => response.end(JSON.stringify(value));
    if (what === "subscriptions") json(subscribe(JSON.parse((await bodyOf(request)).toString())));
    else if (!device) response.writeHead(404).end();
    else if (what === "push" && request.method === "POST") await receive(device, request, response);
    else if (what === "elsewhere") {
      device.log.followed += 1;
      response.writeHead(201).end();
    } else json(device.log);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, server };
}
