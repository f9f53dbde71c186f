import { expect, test } from "vitest";
import { newDevice } from "../../../core/account/device.ts";
import { type Person, changed, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { AccountServer, type ShownAccount } from "../account-server.test-kit.ts";
import { createDirectory } from "../account/directory.ts";
import { type Identity, identityRecordOf, restoreIdentity } from "../account/identity.ts";
import { standAnew } from "../account/stand-anew.ts";
import { watchStanding } from "../account/watch-standing.ts";
import { followInbox } from "./inbox-news.ts";

const suite = seededSuite("inbox news");
const first = await newPerson(suite);
const other = newDevice(suite.random);
const withOther = await changed(suite, first, { addDevice: other });
const withoutOther = await changed(suite, withOther, { revokeDevices: [other.id] });
const withoutThis = await changed(suite, withOther, { revokeDevices: [first.device.id] });

const shownOf = ({ account, chain, prepared }: Person): ShownAccount => ({
  account,
  chain,
  seals: prepared.seals,
});

/** The first device of the account at this server, and everything that it does, in order. */
async function working(server: AccountServer) {
  const deps = server.device();
  const directory = createDirectory(deps, { pinOf: () => null, pinned: () => undefined });
  await directory.adopt(first.account, first.chain);
  const about = { role: "patient" as const, name: "", bound: true };
  const record = identityRecordOf(first.account, first.device, first.prepared.userKeys, about);
  const did: string[] = [];
  const keysOf = (as: Identity) => `with ${as.userKeys.length} keys`;
  const note = (what: string) => () => {
    did.push(what);
    return Promise.resolve();
  };
  const me = restoreIdentity(suite, record);
  let identity = me;
  const standing = standAnew(me, {
    isOver: () => identity !== me,
    stop: () => void did.push("stopped"),
    save: (next) => note(`saved ${keysOf(next)}`)(),
    work(next) {
      identity = next;
      return note(`works ${keysOf(next)}`)();
    },
  });
  const news = followInbox({
    stands: watchStanding(deps, me, directory, standing),
    privateRecords: { sync: () => note("records")().then(() => 0), renew: note("renewed") },
    adoptRecords: note("adopted"),
    mender: { settled: note("settled"), fetchAgain: note("fetched") },
    follower: { snapshot: note("followed") },
  });
  return { did, news };
}

const FOLLOWS = ["records", "adopted", "renewed", "settled", "followed", "fetched"];
const rows = new Map();

test.each([
  ["nothing is new", first],
  ["another device was added", withOther],
])("K3 after a connection, where %s, this device follows its conversations", async (_, shown) => {
  const here = await working(new AccountServer(shownOf(shown)));
  await here.news.snapshot(rows);
  expect(here.did).toEqual(FOLLOWS);
});

test("K3 after a connection a new generation's keys are kept and worked with before anything is followed", async () => {
  const here = await working(new AccountServer(shownOf(withoutOther)));
  await here.news.snapshot(rows);
  expect(here.did).toEqual(["saved with 2 keys", "works with 2 keys"]);
});

test("K3 a device that is gone stops at its next connection, and keeps and follows nothing", async () => {
  const here = await working(new AccountServer(shownOf(withoutThis)));
  await here.news.snapshot(rows);
  expect(here.did).toEqual(["stopped"]);
});

test.each([
  ["another was revoked", withoutOther, ["saved with 2 keys", "works with 2 keys"]],
  ["it was revoked", withoutThis, ["stopped"]],
])("K3 a device that is told of a manifest in which %s looks at once", async (_, shown, did) => {
  const server = new AccountServer(shownOf(first));
  const here = await working(server);
  await here.news.snapshot(rows);
  server.shows = shownOf(shown);
  here.news.manifest();
  await expect.poll(() => here.did).toEqual([...FOLLOWS, ...did]);
});

test("K3 what was told of meanwhile is done once: by then other keys are at work", async () => {
  const here = await working(new AccountServer(shownOf(withoutOther)));
  here.news.manifest();
  await here.news.snapshot(rows);
  expect(here.did).toEqual(["saved with 2 keys", "works with 2 keys"]);
});

test("K3 a look that fails stops nobody; the next one finds what it missed", async () => {
  const server = new AccountServer(shownOf(withoutThis));
  server.lies.ownManifests = () => {
    throw new PlatformError("offline");
  };
  const here = await working(server);
  await here.news.snapshot(rows);
  expect(here.did).toEqual(FOLLOWS);
  delete server.lies.ownManifests;
  await here.news.snapshot(rows);
  expect(here.did).toEqual([...FOLLOWS, "stopped"]);
});
