import { expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { NOW, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import type { Api } from "../../../platform/http.ts";
import { PlatformError } from "../../../platform/problem.ts";
import { identityRecordOf, restoreIdentity } from "./identity.ts";
import { leaveAccount } from "./leave.ts";

const suite = seededSuite("leave");
const { account, device, history, prepared } = await newPerson(suite);
const about = { role: "patient" as const, name: "", bound: true };
const me = restoreIdentity(suite, identityRecordOf(account, device, prepared.userKeys, about));

/** A sign-out where these routes fail: how it ends, and what was asked. */
async function leave(fails: Readonly<Record<string, Error>>, held = true) {
  const asked: string[] = [];
  const api = {
    call(name: string) {
      asked.push(name);
      return fails[name] ? Promise.reject(fails[name]) : Promise.resolve({});
    },
  } as unknown as Api;
  const directory = { load: () => Promise.resolve(held ? history : undefined) };
  const ended = await leaveAccount({ api, now: () => NOW }, api, me, directory).then(
    () => "left",
    (error: unknown) => (error instanceof Error ? error.name : "?"),
  );
  return { ended, asked };
}

const refused = new ProtocolError("bad_request");
const offline = new PlatformError("offline");

test("K3 a farewell that is taken is all that a sign-out needs", async () => {
  expect(await leave({})).toEqual({ ended: "left", asked: ["farewell"] });
});

test("K3 where the farewell is refused the session ends at least, or has ended already", async () => {
  const asked = ["farewell", "endSession"];
  expect(await leave({ farewell: refused })).toEqual({ ended: "left", asked });
  expect(await leave({ farewell: refused, endSession: refused })).toEqual({ ended: "left", asked });
});

test("K3 without network nobody is signed out", async () => {
  expect(await leave({ farewell: offline })).toEqual({
    ended: "PlatformError",
    asked: ["farewell"],
  });
  const { ended } = await leave({ farewell: refused, endSession: offline });
  expect(ended).toBe("PlatformError");
});

test("K3 without a manifest of one's own there is no farewell to sign", async () => {
  expect(await leave({}, false)).toEqual({ ended: "CoreError", asked: [] });
});
