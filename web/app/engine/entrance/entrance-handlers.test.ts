import { expect, test } from "vitest";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import { formatRecoveryCode } from "../../../core/crypto/recovery-code.ts";
import { NOW, newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import { AccountServer } from "../account-server.test-kit.ts";
import { createEntrance } from "./entrance.ts";
import { type EnteredDevice, entranceHandlers } from "./entrance-handlers.ts";

const suite = seededSuite("entrance handlers");
const person = await newPerson(suite);
const code = formatRecoveryCode(person.recoverySecret);

const unused = (): never => {
  throw new Error("not here");
};

/** One more browser signs in with the code: what it told, in this order. */
async function signIn(server: AccountServer): Promise<string[]> {
  server.now += 1;
  const told: string[] = [];
  const deps = server.device();
  const handlers = entranceHandlers<EnteredDevice>({
    store: deps.store,
    entrance: () => Promise.resolve(createEntrance(deps)),
    entered(me) {
      told.push("entered");
      return Promise.resolve({ me, privateRecords: { put: unused } });
    },
    madeRoom: () => void told.push("made room"),
    join: unused,
    working: unused,
    conversationOf: () => Promise.resolve(null),
    me: () => null,
  });
  await handlers.signInCode(code);
  return told;
}

test("K2 a sign-in at the cap says that another device made room for it, one below it does not", async () => {
  const { account, chain, prepared } = person;
  const server = new AccountServer({ account, chain, seals: prepared.seals });
  server.now = NOW;
  for (let devices = 1; devices < LIMITS.devices; devices++) {
    expect(await signIn(server)).toEqual(["entered"]);
  }
  expect(await signIn(server)).toEqual(["entered", "made room"]);
});
