import { expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { C1, accountNamed } from "../../ids.test-kit.ts";
import { newInviteSecret } from "../../../core/invitation/keys.ts";
import { encodeLink } from "../../../core/invitation/link.ts";
import { NOW, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { JOIN_KEY, joinRecord } from "../store/records.ts";
import { createEntrance } from "./entrance.ts";
import { type EnteredDevice, entranceHandlers } from "./entrance-handlers.ts";
import { createOnboarding } from "./onboarding.ts";

const suite = seededSuite("links");
const person = await newPerson(suite);
const inviter = suite.random.bytes(32);
const secret = newInviteSecret(suite.random);
const link = `https://thyme.test/join#${encodeLink({ kind: "patient", inviter, secret })}`;

function device(role: "patient" | "practitioner" = "patient") {
  const { account, chain, prepared } = person;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  server.now = NOW;
  server.lies.invitation = () => ({
    role,
    state: "open",
    inviter: { publicName: "Dra. Ruiz" },
    expiresAt: NOW + 1,
  });
  return { server, deps: server.device() };
}
const BAD = { problem: "bad_link" };

test("I1 a link without its fragment, or of another kind than the server says, is bad", async () => {
  const { deps } = device();
  const { open } = createOnboarding(deps);
  expect(await open(link, null)).toMatchObject({ kind: "patient", state: "open" });
  await expect(open("https://thyme.test/join", null)).rejects.toMatchObject(BAD);
  await expect(open("https://thyme.test/setup#", null)).rejects.toMatchObject(BAD);
  const other = createOnboarding(device("practitioner").deps);
  await expect(other.open(link, null)).rejects.toMatchObject(BAD);
});

test("K10 nothing is made before a link is open and the account prepared", async () => {
  const { deps } = device();
  const onboarding = createOnboarding(deps);
  const input = { name: "Ana", notice: "1", passkey: true };
  await expect(onboarding.prepare(input)).rejects.toMatchObject(BAD);
  await onboarding.open(link, null);
  await expect(onboarding.finish()).rejects.toMatchObject(BAD);
  await expect(onboarding.passkeyCreation()).rejects.toMatchObject(BAD);
  await expect(onboarding.passkeyConfirmed(null)).rejects.toMatchObject(BAD);
  await onboarding.prepare(input);
  expect(await onboarding.passkeyCreation()).toMatchObject({ userName: "Ana" });
});

test("A1 an account whose answer was lost is bound by its device; a defect is no lost answer", async () => {
  for (const [error, ended] of [
    [new ProtocolError("already_exists"), "made"],
    [new TypeError("a defect"), "a defect"],
  ] as const) {
    const { server, deps } = device();
    server.lies.createAccount = () => {
      throw error;
    };
    const onboarding = createOnboarding(deps);
    await onboarding.open(link, null);
    await onboarding.prepare({ name: "Ana", notice: "1", passkey: true });
    const outcome = await onboarding.finish().then(
      () => "made",
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : "?"),
    );
    expect(outcome).toBe(ended);
  }
});

test("I3 a patient's invitation is accepted by a patient's account alone", async () => {
  for (const role of ["patient", "practitioner", "administrator"] as const) {
    const { deps } = device();
    const entrance = createEntrance(deps);
    await entrance.onboarding.open(link, null);
    let joined = 0;
    const handlers = entranceHandlers<EnteredDevice>({
      store: deps.store,
      entrance: () => Promise.resolve(entrance),
      entered: () => Promise.reject(new Error("nobody enters")),
      madeRoom: () => undefined,
      join() {
        joined += 1;
        return Promise.resolve(C1);
      },
      working: () => ({ me: { role }, privateRecords: { put: () => Promise.resolve() } }),
      conversationOf: () => Promise.resolve(null),
      me: () => null,
    });
    const outcome = await handlers.joinSignedIn(undefined).then(
      () => "joined",
      (error: unknown) => (error instanceof Error ? error.message : "?"),
    );
    const isPatient = role === "patient";
    expect([outcome, joined]).toEqual(isPatient ? ["joined", 1] : ["wrong_role", 0]);
    const record = await deps.store.read("state", JOIN_KEY, joinRecord);
    expect(record !== null).toBe(isPatient);
  }
});

test("I3 a used link leads its owner back to the conversation, nobody else, and one that was forgotten likewise", async () => {
  const opened = async (
    role: "patient" | "practitioner" | null,
    owns: boolean,
    forgotten = false,
  ) => {
    const { server, deps } = device();
    server.lies.invitation = () => {
      if (forgotten) throw new ProtocolError("not_found");
      const view = { role: "patient" as const, inviter: { publicName: "Dra. Ruiz" } };
      return { ...view, state: "used" as const, expiresAt: NOW + 1 };
    };
    const entrance = createEntrance(deps);
    const handlers = entranceHandlers<EnteredDevice>({
      store: deps.store,
      entrance: () => Promise.resolve(entrance),
      entered: () => Promise.reject(new Error("nobody enters")),
      madeRoom: () => undefined,
      join: () => Promise.reject(new Error("nobody joins")),
      working: () => ({
        me: { role: role ?? "patient" },
        privateRecords: { put: () => Promise.resolve() },
      }),
      conversationOf: (_, owner) => Promise.resolve(owns && equalBytes(owner, inviter) ? C1 : null),
      me: () => role && { account: accountNamed("me"), role, name: "Ana" },
    });
    const { state, ...rest } = await handlers.openLink(link);
    return [state, "own" in rest ? rest.own : undefined];
  };
  expect(await opened("patient", true)).toEqual(["used", { conversation: C1 }]);
  expect(await opened("patient", true, true)).toEqual(["used", { conversation: C1 }]);
  expect(await opened("patient", false)).toEqual(["used", null]);
  expect(await opened("practitioner", true)).toEqual(["used", null]);
  expect(await opened(null, true)).toEqual(["used", null]);
  expect(await opened(null, true, true)).toEqual(["used", null]);
});
