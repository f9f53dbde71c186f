import { createServer } from "node:http";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../local/worker-process.mjs";

const HTML = `<!doctype html><meta charset="utf-8"><title>bench</title>
<style>body{margin:0;font:15px/22px system-ui}#scroller{height:100vh;overflow-y:auto}</style>
<div id="scroller"></div>`;

/** A page with nothing in it but a scroller, at a secure origin of its own: WebCrypto is there. */
export async function emptyPage(browser: Browser, width: number, height: number) {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" }).end(HTML);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
  const page: Page = await browser.newPage({ viewport: { width, height } });
  await page.goto(`http://localhost:${port}`);
  return {
    page,
    async close() {
      await page.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
