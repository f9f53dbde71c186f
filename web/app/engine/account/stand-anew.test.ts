import { expect, test } from "vitest";
import { newKemKey } from "../../../core/crypto/kem.ts";
import { newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { createDirectory } from "./directory.ts";
import { type Identity, identityRecordOf, restoreIdentity } from "./identity.ts";
import { ownStanding } from "./own-manifest.ts";
import { standAnew } from "./stand-anew.ts";

const suite = seededSuite("stand anew");
const { account, chain, device, prepared } = await newPerson(suite);
const about = { role: "patient" as const, name: "", bound: true };
const me = restoreIdentity(suite, identityRecordOf(account, device, prepared.userKeys, about));
const userKeys = [...prepared.userKeys, newKemKey(suite.random)];

async function told(standing: Parameters<ReturnType<typeof standAnew>>[0], isOver = false) {
  const done: string[] = [];
  const noted = (what: string) => (as: Identity) => {
    done.push(`${what} with ${as.userKeys.length}`);
    return Promise.resolve();
  };
  const stop = () => void done.push("stop");
  const surroundings = { isOver: () => isOver, stop, save: noted("save"), work: noted("work") };
  await standAnew(me, surroundings)(standing);
  return done;
}

test("K3 new user keys are kept before anything works with them; a device that is gone stops", async () => {
  expect(await told({ standing: "renewed", userKeys })).toEqual(["save with 2", "work with 2"]);
  expect(await told({ standing: "gone" })).toEqual(["stop"]);
});

test("K3 whoever signed out or in meanwhile is left alone", async () => {
  expect(await told({ standing: "renewed", userKeys }, true)).toEqual([]);
  expect(await told({ standing: "gone" }, true)).toEqual([]);
});

test("K3 a view that never fits the chain is asked for a few times, and no more", async () => {
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  let asked = 0;
  server.lies.account = () => {
    asked += 1;
    return { version: 9, sealsCbor: "" };
  };
  const deps = server.device();
  const pins = { pinOf: () => null, pinned: () => undefined };
  const behind = { ...me, userKeys };
  const standing = ownStanding(deps, behind, createDirectory(deps, pins));
  await expect(standing).rejects.toThrow("stale_version");
  expect(asked).toBe(5);
});
