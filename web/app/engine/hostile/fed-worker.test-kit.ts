import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { contextOf, readerOf } from "../../../core/people.test-kit.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { receive } from "../../../core/sync/receive.ts";
import { Server, newTalk } from "../../../core/sync/server.test-kit.ts";
import { createPause } from "../../../platform/pause.ts";
import { openTab } from "../device.test-kit.ts";

export interface Feed {
  readonly type: "feed";
  readonly pages: number;
  readonly by: "one answer" | "pages";
  readonly paused: boolean;
}
export type ToFed = { readonly type: "ping" } | Feed;
export type FromFed =
  | { readonly type: "ready" | "pong" }
  | { readonly type: "fed"; readonly rows: number };

const say = (message: FromFed): void => self.postMessage(message);

const { room, sealed } = await newTalk("fed");
const { owner, patient, together } = room;

/** A conversation with the same envelope over and over, each time at another place. */
function feeding(pages: number): Server {
  const server = new Server();
  server.bundle(room.created.upload);
  server.bundle(room.joined.upload);
  const [envelope = new Uint8Array()] = sealed;
  while (server.entries.length < pages * LIMITS.itemsPerPage) server.envelope(envelope);
  return server;
}

async function verify(server: Server, paused: boolean): Promise<number> {
  const context = {
    ...contextOf(owner, patient),
    id: together.id,
    reader: readerOf(owner),
    ...(paused ? { pause: createPause() } : {}),
  };
  const { bundles, envelopes } = await receive(context, EMPTY_CHAIN, server.page(owner.account));
  return bundles.length + envelopes.length;
}

/** The engine's own catching up, by a server that says that there is more until the feed is over. */
async function takePages(server: Server): Promise<number> {
  const texts = server.page(owner.account).map((item) => toBase64url(encodeCbor(item)));
  const here = await openTab(owner, together.id, {
    server,
    people: [patient],
    routes: {
      log: (_, { after }) => ({
        items: texts.slice(Number(after), Number(after) + LIMITS.itemsPerPage),
        more: Number(after) + LIMITS.itemsPerPage < texts.length,
      }),
    },
  });
  await here.catchUp.newer(here.id);
  return (await here.record()).cursor;
}

self.addEventListener("message", ({ data }: MessageEvent<ToFed>) => {
  if (data.type === "ping") return say({ type: "pong" });
  const server = feeding(data.pages);
  const done = data.by === "pages" ? takePages(server) : verify(server, data.paused);
  void done.then((rows) => say({ type: "fed", rows }));
});
say({ type: "ready" });
