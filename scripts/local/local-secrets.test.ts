import { expect, test } from "vitest";
import { vapidOf, vapidVariables } from "../../workers/vapid.ts";
import { newSecrets, parse, secretNames, serialize } from "./local-secrets.mjs";

test("N1 the secrets that are made are such as the Worker takes, also after they were written to a file", async () => {
  const made = await newSecrets();
  expect(Object.keys(made).toSorted()).toEqual(secretNames.toSorted());
  const kept = parse(serialize(made));
  expect(kept).toEqual(made);
  const found = vapidVariables.parse({
    publicKey: kept["VAPID_PUBLIC_KEY"],
    privateKey: kept["VAPID_PRIVATE_KEY"],
    subject: kept["VAPID_SUBJECT"],
  });
  expect(vapidOf(found).email).toBe("nobody@example.com");
  for (const name of ["SETUP_TOKEN", "SESSION_KEY"]) {
    expect(made[name]?.length, name).toBeGreaterThanOrEqual(32);
  }
});

test("no two installations have the same", async () => {
  const [one, two] = [await newSecrets(), await newSecrets()];
  for (const name of secretNames) {
    if (name !== "VAPID_SUBJECT") expect(one[name], name).not.toBe(two[name]);
  }
});
