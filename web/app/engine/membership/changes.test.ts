import { expect, test } from "vitest";
import { decodeLink } from "../../../core/invitation/link.ts";
import { newPerson, seededSuite } from "../../../core/people.test-kit.ts";
import type { PrivateRecord } from "../../../core/private-state/records.ts";
import { type ChangeContext, createChanges } from "./changes.ts";

const suite = seededSuite("changes");
const person = await newPerson(suite);

/** Making a conversation, with each effect written down; `fails` is the one that does not succeed. */
async function create(fails: "put" | "createConversation" | null) {
  const effects: string[] = [];
  let kept: PrivateRecord | null = null;
  const act = async (what: string) => {
    effects.push(what);
    if (what === fails) throw new Error(`${what} failed`);
    await Promise.resolve();
  };
  const context = {
    deps: {
      suite,
      now: () => 1_790_000_000_000,
      api: {
        async call(name: string) {
          await act(name);
          return { seq: 1, at: 1 };
        },
      },
      store: { write: () => act("store") },
    },
    me: { account: person.account, device: person.device, signer: person.signer },
    directory: { load: () => Promise.resolve(person.history), historyOf: () => person.history },
    library: { keep: () => undefined },
    privateRecords: {
      find: () => undefined,
      async put(record: PrivateRecord) {
        await act("put");
        kept = record;
      },
    },
    origin: "https://thyme.test",
    changed: () => undefined,
  } as unknown as ChangeContext;
  const made = await createChanges(context)
    .create("Ana")
    .catch(() => null);
  return { effects, made, kept: kept as PrivateRecord | null };
}

test("A3 the secret is in private state before the bundle is sent, and the link is given out last", async () => {
  const { effects, made, kept } = await create(null);
  expect(effects).toEqual(["put", "createConversation", "store"]);
  const link = decodeLink(new URL(made?.link ?? "").hash.slice(1));
  expect(kept?.kind === "conversation" && kept.invite?.secret).toEqual(link.secret);
});

test("A3 a secret that was not kept, or a bundle that was not taken, leads to no link", async () => {
  expect(await create("put")).toMatchObject({ effects: ["put"], made: null });
  expect(await create("createConversation")).toMatchObject({
    effects: ["put", "createConversation"],
    made: null,
  });
});
