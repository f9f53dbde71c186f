import { type IncomingMessage, createServer, request } from "node:http";
import { connect } from "node:net";
import { basename } from "node:path";
import { freePort } from "../../../scripts/local/worker-process.mjs";

/** The request as it came, for the connection to the server behind. */
const requestHead = ({ method, url, rawHeaders }: IncomingMessage): string => {
  const lines = rawHeaders.flatMap((name, i) => (i % 2 ? [] : [`${name}: ${rawHeaders[i + 1]}`]));
  return [`${method} ${url} HTTP/1.1`, ...lines, "", ""].join("\r\n");
};

/**
 * The server under an origin of its own, with files that do not arrive until they are let through: the browser's own
 * interception does not see a worker's imports.
 */
export async function slowSite(origin: string) {
  const missed: string[] = [];
  let held: { file: string; pass: () => void; refuse: () => void }[] = [];
  let isHeld: (file: string) => boolean = () => false;
  const proxy = createServer((incoming, outgoing) => {
    const file = basename(incoming.url ?? "/");
    const pass = (): void => {
      const { method, headers, url: path } = incoming;
      const behind = request(origin, { method, headers, path }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      behind.on("error", () => outgoing.destroy());
      incoming.pipe(behind);
    };
    if (!isHeld(file)) return pass();
    missed.push(file);
    held.push({ file, pass, refuse: () => outgoing.writeHead(503).end() });
  });
  proxy.on("upgrade", (incoming, socket, first) => {
    const { hostname, port } = new URL(origin);
    const behind = connect(Number(port), hostname, () => {
      behind.write(requestHead(incoming));
      behind.write(first);
      socket.pipe(behind).pipe(socket);
    });
    // Either end may go at any time; the other one follows.
    socket.on("error", () => behind.destroy());
    behind.on("error", () => socket.destroy());
  });
  const port = await freePort();
  await new Promise<void>((resolve) => proxy.listen(port, "localhost", resolve));
  return {
    origin: `http://localhost:${port}`,
    missed,
    hold(files: (file: string) => boolean) {
      isHeld = files;
    },
    /** What is asked for from now on, and what waits, but for these files: they have to be asked for again. */
    letThrough(isRefused: (file: string) => boolean) {
      isHeld = () => false;
      for (const { file, pass, refuse } of held) {
        if (isRefused(file)) refuse();
        else pass();
      }
      held = [];
    },
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
