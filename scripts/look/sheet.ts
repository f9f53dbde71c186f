import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VARIANTS, nameOf, pictures } from "./shoot.ts";

const STYLE = `body{font:14px/20px system-ui;margin:24px;background:#eee;color:#111}
h2{margin:24px 0 8px}.row{display:flex;gap:12px;overflow-x:auto;align-items:flex-start}
figure{margin:0;flex:none}img{display:block;block-size:420px;border:1px solid #bbb}figcaption{font-size:12px}`;

/** A page with all pictures there are, one line a state. Returns its path. */
export function writeSheet(): string {
  const states = readdirSync(pictures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const figure = (state: string, variant: string): string =>
    existsSync(join(pictures, state, `${variant}.png`))
      ? `<figure><a href="${state}/${variant}.png"><img loading="lazy" src="${state}/${variant}.png" alt="${state}, ${variant}"></a><figcaption>${variant}</figcaption></figure>`
      : "";
  const lines = states.map(
    (state) =>
      `<h2 id="${state}">${state}</h2><div class="row">${VARIANTS.map((variant) => figure(state, nameOf(variant))).join("")}</div>`,
  );
  const file = join(pictures, "index.html");
  writeFileSync(
    file,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Thyme: every screen</title><style>${STYLE}</style><h1>${states.length} states</h1>${lines.join("\n")}</html>\n`,
  );
  return file;
}
