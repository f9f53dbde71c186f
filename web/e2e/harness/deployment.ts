import { readdirSync } from "node:fs";
import { type IncomingMessage, createServer, request } from "node:http";
import { join } from "node:path";
import { freePort } from "../../../scripts/local/worker-process.mjs";
import { root } from "../../../scripts/machine/node24.mjs";
import type { Server } from "./server.ts";

/** The server behind an address of its own, where a second build can take the place of the first. */
export interface Site {
  readonly origin: string;
  /** From now on every built file has another name, as after a deployment. */
  deploy(): void;
  close(): void;
}

const escaped = (name: string): string => name.replaceAll(".", "\\.");

/** Sockets are not passed on: the app works over HTTP and finds itself without live updates. */
export async function siteOf(server: Server): Promise<Site> {
  const names = readdirSync(join(root, "dist", "assets"));
  const anyName = new RegExp(names.map(escaped).join("|"), "g");
  const next = (name: string): string => name.replace(/\.(\w+)$/, "-next.$1");
  let deployed = false;

  /** The second build: the same text under other names, wherever one file names another. */
  const renamed = (text: string): string =>
    text.replace(anyName, next).replace(/version:(["'`])/, "version:$1next");

  const proxy = createServer((incoming, outgoing) => {
    const { method, url = "/" } = incoming;
    // The real server knows one build only: to it, nothing would ever have changed.
    const { "if-none-match": _, "if-modified-since": __, ...headers } = incoming.headers;
    if (deployed && names.includes(url.replace("/assets/", ""))) {
      outgoing.writeHead(404).end();
      return;
    }
    const path = deployed ? url.replace(/-next\.(\w+)$/, ".$1") : url;
    const options = { method, path, headers: { ...headers, "accept-encoding": "identity" } };
    const answered = (answer: IncomingMessage): void => {
      const type = answer.headers["content-type"] ?? "";
      const isText = deployed && /html|javascript|css/.test(type) && answer.statusCode === 200;
      const { "content-length": ___, ...others } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, isText ? others : answer.headers);
      if (!isText) {
        answer.pipe(outgoing);
        return;
      }
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
      answer.on("end", () => outgoing.end(renamed(Buffer.concat(chunks).toString())));
    };
    incoming.pipe(request(server.origin, options, answered).on("error", () => outgoing.destroy()));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => proxy.listen(port, "localhost", resolve));
  return {
    origin: `http://localhost:${port}`,
    deploy: () => void (deployed = true),
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
