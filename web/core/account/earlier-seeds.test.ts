import { expect, test } from "vitest";
import { encodeCbor } from "../../../workers/protocol/cbor.ts";
import { LIMITS } from "../../../workers/protocol/limits.ts";
import {
  decodeAccountSeals,
  earlierSeedsHash,
  sealsHash,
} from "../../../workers/protocol/manifest.ts";
import { seal } from "../crypto/seal.ts";
import { codeOf, newPerson, seededSuite } from "../people.test-kit.ts";
import { headOf } from "./history.ts";
import { openDeviceSeal } from "./seals.ts";

const suite = seededSuite("earlier seeds");
const person = await newPerson(suite);
const { core } = headOf(person.history);
const [newest] = person.prepared.userKeys;
const { unlocks } = decodeAccountSeals(person.prepared.seals);

/** How a device takes these earlier seeds in a manifest of this generation that the account key signed. */
function taken(userSeeds: readonly Uint8Array[], generation: number): Promise<string> {
  const { account } = core;
  const device = person.device.id;
  const forDevice = encodeCbor({ userSeed: newest?.seed });
  const { publicKey } = person.device.kem;
  const context = [account, device, generation] as const;
  const seals = encodeCbor({
    v: 1,
    devices: [
      {
        device,
        kemPub: publicKey,
        seal: seal(suite.random, publicKey, "seal/device", context, forDevice),
      },
    ],
    unlocks,
    earlier: seal(
      suite.random,
      core.userKey,
      "seal/earlier",
      [account, generation],
      encodeCbor({ userSeeds }),
    ),
  });
  const earlierSeeds = earlierSeedsHash(userSeeds);
  const named = { ...core, generation, earlierSeeds, sealsHash: sealsHash(seals) };
  return codeOf(() => openDeviceSeal(named, seals, person.device));
}

const seeds = (count: number) => Array.from({ length: count }, () => new Uint8Array(32));

test("K5 as many seeds as there are earlier generations, whatever the hash says", async () => {
  expect(await taken(seeds(2), 3)).toBe("none");
  expect(await taken(seeds(2), 2)).toBe("seals_refused");
  expect(await taken(seeds(2), 4)).toBe("seals_refused");
});

test("K5 a seal of no earlier seeds is malformed: the first generation has none", async () => {
  expect(await taken([], 1)).toBe("seals_refused");
});

test("K3 no more seeds than there can be generations", async () => {
  expect(await taken(seeds(LIMITS.generations), LIMITS.generations + 1)).toBe("none");
  expect(await taken(seeds(LIMITS.generations + 1), LIMITS.generations + 2)).toBe("seals_refused");
});
