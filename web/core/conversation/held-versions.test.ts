import { expect, test } from "vitest";
import { newDevice } from "../account/device.ts";
import { headOf } from "../account/history.ts";
import { inviteKeys, newInviteSecret, pendingEntry } from "../invitation/keys.ts";
import { NOW, authorOf, changed, codeOf, contextOf, newestOf } from "../people.test-kit.ts";
import { judgeOf, newCare } from "./care.test-kit.ts";
import { inviteToConversation } from "./changes.ts";

const care = await newCare("held versions");
const { suite, owner, patient, together } = care;
const { genesis, first } = judgeOf(care);

test("C8 a bundle is not built on an older manifest of a member than the head names", async () => {
  const newer = await changed(suite, patient, { addDevice: newDevice(suite.random) });
  const { core, hash } = headOf(newer.history);
  const head = together.bundles.at(-1)!;
  const roster = head.core.roster.map((entry) =>
    entry.role === "owner" ? entry : { ...entry, manifest: { version: core.version, hash } },
  );
  const ahead = {
    ...together,
    bundles: [...together.bundles.slice(0, -1), { ...head, core: { ...head.core, roster } }],
  };
  const entry = pendingEntry(inviteKeys(newInviteSecret(suite.random)), NOW);
  const build = (newest: ReturnType<typeof newestOf>) =>
    codeOf(() => inviteToConversation(suite, authorOf(owner), ahead, newest, entry, NOW));
  expect(await build(newestOf(newer))).toBe("none");
  expect(await build(newestOf(patient))).toBe("manifest_needed");
  expect(await build(newestOf())).toBe("manifest_needed");
});

test("C8 a version below those that are held is refused: asking again would bring nothing", async () => {
  const two = await changed(suite, owner, { addDevice: newDevice(suite.random) });
  const history = { ...two.history, manifests: two.history.manifests.slice(1) };
  const context = contextOf({ ...two, history }, patient);
  expect(await first(genesis, context)).toBe("bundle_refused");
  expect(await first(genesis, contextOf(two, patient))).toBe("none");
});
