import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodePath, root, toolEnv, tools } from "../machine/node24.mjs";

const allowed = [
  ["workers/conversation/a.ts", "../protocol/x.ts"],
  ["workers/privacy/a.ts", "node:crypto"],
  ["workers/protocol/a.ts", "zod/mini"],
  ["workers/protocol/a.ts", "@noble/hashes/sha2.js"],
  ["workers/protocol/a.ts", "@noble/curves/ed25519.js"],
  ["workers/protocol/a.ts", "./http.ts"],
  ["web/core/a.ts", "../../workers/protocol/x.ts"],
  ["web/core/sync/a.ts", "../crypto/x.ts"],
  ["web/core/crypto/a.ts", "@noble/ciphers/chacha.js"],
  ["web/core/crypto/a.ts", "@noble/post-quantum/hybrid.js"],
  ["web/platform/a.ts", "../core/x.ts"],
  ["web/app/a.ts", "../core/x.ts"],
  ["web/app/engine/a.ts", "../../platform/x.ts"],
  ["web/ui/a.tsx", "../app/x.ts"],
  ["web/ui/list/a.tsx", "../kit/x.tsx"],
  ["web/core/a.test.ts", "node:crypto"],
  ["web/app/a.ts", "./engine/engine.worker.ts?worker&url"],
  ["web/app/engine/send/a.ts", "../account/identity.ts"],
  ["web/app/engine/a.ts", "../rpc.ts"],
  ["web/app/engine/private/a.ts", "./drafts.ts"],
  ["web/sw/a.ts", "../app/engine/background.ts"],
  ["web/platform/a.ts", "../../workers/protocol/http/app-endpoints.ts"],
  ["web/admin/a.tsx", "../ui/kit/x.tsx"],
  ["web/admin/a.tsx", "../platform/http.ts"],
  ["workers/inbox/a.ts", "../objects/peer.ts"],
  ["workers/conversation/a.ts", "../inbox/activity.ts"],
  ["workers/conversation/requests/a.ts", "../core.ts"],
] as const;

const forbidden = [
  ["workers/conversation/a.ts", "../../web/core/x.ts"],
  ["workers/conversation/a.test.ts", "../../web/core/x.ts"],
  ["workers/protocol/a.ts", "../../web/core/x.ts"],
  ["workers/protocol/a.ts", "../conversation/x.ts"],
  ["workers/protocol/a.ts", "../env.ts"],
  ["workers/protocol/a.ts", "hono"],
  ["workers/protocol/a.ts", "zod"],
  ["workers/protocol/a.ts", "@noble/ciphers/chacha.js"],
  ["workers/privacy/a.ts", "@noble/post-quantum/hybrid.js"],
  ["web/core/a.ts", "../platform/x.ts"],
  ["web/core/a.ts", "../app/x.ts"],
  ["web/core/a.ts", "preact"],
  ["web/core/a.ts", "@noble/hashes/sha2.js"],
  ["web/core/a.ts", "../../workers/conversation/x.ts"],
  ["web/core/crypto/a.ts", "idb"],
  ["web/platform/a.ts", "../app/x.ts"],
  ["web/platform/a.ts", "@noble/ciphers/chacha.js"],
  ["web/app/a.ts", "../ui/x.ts"],
  ["web/app/a.ts", "../../workers/accounts/x.ts"],
  ["web/ui/a.tsx", "../core/x.ts"],
  ["web/ui/list/a.tsx", "../../platform/x.ts"],
  ["web/ui/a.tsx", "@noble/hashes/sha2.js"],
  ["web/admin/a.tsx", "../core/crypto/x.ts"],
  ["web/admin/a.tsx", "../app/engine/engine.ts"],
  ["web/admin/a.tsx", "../platform/local-key.ts"],
  ["web/admin/a.tsx", "../ui/list/x.tsx"],
  ["web/ui/a.tsx", "../app/engine/timeline/x.ts"],
  ["web/ui/list/a.tsx", "../../app/engine/store/x.ts"],
  ["web/ui/list/a.tsx", "../../../workers/protocol/limits.ts"],
  ["web/ui/a.tsx", "../../workers/protocol/errors.ts"],
  ["web/app/a.ts", "./engine/account/identity.ts"],
  ["web/app/a.ts", "./engine/active-device.ts"],
  ["web/app/a.ts", "../core/crypto/x.ts"],
  ["web/app/a.ts", "../core/private-state/keys.ts"],
  ["web/app/a.ts", "../core/files/seal.ts"],
  ["web/app/a.ts", "../core/files/file-body.ts"],
  ["web/ui/a.tsx", "../app/engine/account/identity.ts"],
  ["web/platform/page/a.ts", "../../app/engine/account/identity.ts"],
  ["web/sw/a.ts", "../app/engine/send/outbox.ts"],
  ["web/app/engine/a.ts", "../client.ts"],
  ["web/app/engine/send/a.ts", "../../client.ts"],
  ["web/app/engine/private/a.ts", "../../drafts.ts"],
  ["web/app/engine/a.ts", "../../../workers/protocol/http/endpoints.ts"],
  ["web/platform/a.ts", "../../workers/protocol/http/endpoints.ts"],
  ["workers/inbox/a.ts", "../conversation/settings.ts"],
  ["workers/inbox/a.ts", "../conversation/rules/x.ts"],
  ["workers/accounts/a.ts", "../conversation/tables/x.ts"],
  ["workers/objects/a.ts", "../conversation/conversation.ts"],
  ["workers/conversation/a.ts", "../inbox/inbox-store.ts"],
  ["workers/protocol/a.ts", "../objects/x.ts"],
] as const;

const folder = mkdtempSync(join(tmpdir(), "thyme-walls-"));
let refused: string[] = [];

beforeAll(() => {
  copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
  for (const [index, [file, specifier]] of [...allowed, ...forbidden].entries()) {
    const path = join(folder, fixture(index, file));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `export { x } from "${specifier}";\n`);
  }
  const { stdout } = spawnSync(nodePath(), [tools.oxlint, "--format=json"], {
    cwd: folder,
    encoding: "utf8",
    env: toolEnv(),
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string }[];
  };
  refused = diagnostics
    .filter(({ code }) => code.includes("no-restricted-imports"))
    .map(({ filename }) => filename);
});

afterAll(() => rmSync(folder, { recursive: true }));

test.for(allowed.map((pair, index) => [...pair, index] as const))(
  "%s may import %s",
  ([file, , index]) => expect(refused).not.toContain(fixture(index, file)),
);

test.for(forbidden.map((pair, index) => [...pair, index + allowed.length] as const))(
  "%s may not import %s",
  ([file, , index]) => expect(refused).toContain(fixture(index, file)),
);

/** One file per import, beside each other in the folder the rule is about. */
function fixture(index: number, file: string): string {
  return file.replace("/a.", `/a${index}.`);
}
