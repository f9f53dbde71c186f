import { describe, expect, test } from "vitest";
import { type Person, signInAs } from "../accounts/person.test-kit.ts";
import { fromBase64url, toBase64url } from "../protocol/bytes.ts";
import { decodeCbor } from "../protocol/cbor.ts";
import { ENDPOINTS, type EndpointName } from "../protocol/http/endpoints.ts";
import { conversationState } from "../protocol/frames.ts";
import { LIMITS } from "../protocol/limits.ts";
import { ACTORS, type Actor, ROWS } from "./authorisation-rows.test-kit.ts";
import { type Asked, Browser } from "./browser.test-kit.ts";
import { type World, makeWorld } from "./world.test-kit.ts";

const world = await makeWorld();

/** Whose account it is; the session without a device is the patient's. */
function personOf(actor: Actor, { patient, ...others }: World): Person | null {
  switch (actor) {
    case "anonymous":
      return null;
    case "unbound":
    case "patient":
      return patient;
    case "otherPatient":
    case "practitioner":
    case "otherPractitioner":
    case "administrator":
      return others[actor];
  }
}

/** A session of its own for each request, since some requests end it. */
async function browserOf(actor: Actor): Promise<Browser> {
  const person = personOf(actor, world);
  return person ? signInAs(person, actor !== "unbound") : new Browser();
}

const isName = (name: string): name is EndpointName => name in ENDPOINTS;
const NAMES = Object.keys(ENDPOINTS).filter(isName);

async function answerTo(actor: Actor, name: EndpointName, asked: Asked) {
  const { outcome, status, text, headers } = await (await browserOf(actor)).call(name, asked);
  const shown = [...headers].filter(([header]) => header !== "set-cookie" && header !== "date");
  return { outcome, visible: JSON.stringify({ status, text, shown }) };
}

describe.each(NAMES)("authorisation of %s", (name) => {
  const { answers, ask, unknown } = ROWS[name];

  test("what is not open to everybody tells strangers apart by code", () => {
    const { access } = ENDPOINTS[name];
    if (access !== "anonymous") expect(answers.anonymous).toBe("unauthenticated");
    if (access === "device") expect(answers.unbound).toBe("device_required");
    // A record's name is the caller's to choose, and an open invitation is open to all.
    const hasForeignIds = ENDPOINTS[name].path.includes(":") && access !== "anonymous";
    expect(unknown !== undefined).toBe(hasForeignIds && name !== "putPrivate");
  });

  test.each(ACTORS)("as %s", async (actor) => {
    const who = personOf(actor, world);
    const answer = await answerTo(actor, name, await ask(world, who));
    expect(answer.outcome).toBe(answers[actor]);
    if (!unknown || answers[actor] !== "not_found") return;
    const nothing = await answerTo(actor, name, await unknown(world, who));
    expect(nothing.visible, "a foreign id answers as an unknown one").toBe(answer.visible);
  });

  test.each(ACTORS)("what does not exist, as %s", async (actor) => {
    if (!unknown) return;
    const refused = ["unauthenticated", "device_required"].includes(answers[actor]);
    const asked = await unknown(world, personOf(actor, world));
    const { outcome } = await answerTo(actor, name, asked);
    expect(outcome).toBe(refused ? answers[actor] : "not_found");
  });

  test("an id that cannot exist is one that does not", async () => {
    for (const param of ENDPOINTS[name].path.match(/(?<=:)\w+/g) ?? []) {
      for (const bad of ["x", "%", "..", `${"A".repeat(42)}B`, "A".repeat(4_000), "ä"]) {
        const asked = await ask(world, world.patient);
        const params = { ...asked.params, [param]: bad };
        const actor = answers.practitioner === "not_found" ? "patient" : "practitioner";
        const { outcome } = await answerTo(actor, name, { ...asked, params });
        expect(outcome).toBe("not_found");
      }
    }
  });
});

describe("tails leave out what is not the caller's", () => {
  test.each(ACTORS)("as %s", async (actor) => {
    const { conversation } = world;
    const unknown = toBase64url(new Uint8Array(32).fill(1));
    const body = { conversations: [unknown, conversation] };
    const { result, outcome } = await (await browserOf(actor)).call("tails", { body });
    expect(outcome).toBe(ROWS.tails.answers[actor]);
    const isMember = actor === "patient" || actor === "practitioner";
    if (outcome !== "ok") return;
    expect(result?.tails.map((tail) => tail.conversation)).toEqual(isMember ? [conversation] : []);
    for (const { stateCbor } of result?.tails ?? []) {
      const state = decodeCbor(fromBase64url(stateCbor), conversationState, LIMITS.body);
      expect(state.head.n).toBe(2);
    }
  });
});

describe("manifests are for who shares a conversation with their account", () => {
  test("no conversation, no member, no manifests", async () => {
    const { practitioner, patient, otherPatient, conversation } = world;
    const outcome = (target: Person, query: Record<string, string>) =>
      practitioner.browser.outcome("manifests", { params: { account: target.id }, query });
    expect(await outcome(patient, { conversation })).toBe("ok");
    expect(await outcome(otherPatient, { conversation })).toBe("not_found");
    expect(await outcome(patient, {})).toBe("not_found");
    expect(await outcome(patient, { conversation: "x" })).toBe("not_found");
    // The patient's device has signed in since, so of its sessions the older ones ended (K12).
    const browser = await signInAs(patient);
    const { manifests } = await browser.get("manifests", {
      params: { account: practitioner.id },
      query: { conversation, from: "1" },
    });
    expect(manifests[0]).toBe(toBase64url(practitioner.account.manifestCbor));
  });
});
