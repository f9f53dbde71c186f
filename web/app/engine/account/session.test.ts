import { expect, test } from "vitest";
import { type ErrorCode, ProtocolError } from "../../../../workers/protocol/errors.ts";
import { newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import type { Api } from "../../../platform/http.ts";
import { type Identity, identityRecordOf, restoreIdentity } from "./identity.ts";
import { renewingApi } from "./session.ts";

const suite = seededSuite("session");
const { account, device, prepared } = await newPerson(suite);
const about = { role: "patient" as const, name: "", bound: true };
const me = restoreIdentity(suite, identityRecordOf(account, device, prepared.userKeys, about));

/** A request through a session that the server has ended in this way, and all that was asked for it. */
async function asking(refusal: ErrorCode | null, who: Identity | null = me, renewal?: ErrorCode) {
  const asked: string[] = [];
  let ended = 0;
  let isRenewed = refusal === null;
  const bare = {
    call(name: string) {
      asked.push(name);
      if (name === "challenge") {
        if (renewal) throw new ProtocolError(renewal);
        return Promise.resolve({ challenge: "A".repeat(43) });
      }
      if (name === "deviceSession") isRenewed = true;
      else if (!isRenewed && refusal) throw new ProtocolError(refusal);
      return Promise.resolve({});
    },
  } as unknown as Api;
  const api = renewingApi(
    bare,
    () => who,
    () => void ended++,
  );
  const outcome = await api.call("session").then(
    () => "answered",
    (error: unknown) => (error instanceof ProtocolError ? error.code : error),
  );
  return { outcome, asked, ended };
}

const RENEWED = ["session", "challenge", "deviceSession", "session"];

test("K12 a session that ended, or that is bound to no device, is renewed and the request repeated", async () => {
  expect(await asking(null)).toEqual({ outcome: "answered", asked: ["session"], ended: 0 });
  for (const code of ["unauthenticated", "device_required"] as const) {
    expect(await asking(code)).toEqual({ outcome: "answered", asked: RENEWED, ended: 0 });
  }
});

test("K12 any other refusal is the request's own: nothing is renewed", async () => {
  const { outcome, asked } = await asking("not_found");
  expect([outcome, asked]).toEqual(["not_found", ["session"]]);
});

test("K12 before somebody is signed in there is nothing to renew", async () => {
  const { outcome, asked } = await asking("unauthenticated", null);
  expect([outcome, asked]).toEqual(["unauthenticated", ["session"]]);
});

test("K12 a device that may not renew any more is told to end; one that cannot now is not", async () => {
  expect(await asking("unauthenticated", me, "unauthenticated")).toMatchObject({ ended: 1 });
  expect(await asking("unauthenticated", me, "unavailable")).toMatchObject({
    outcome: "unavailable",
    ended: 0,
  });
});
