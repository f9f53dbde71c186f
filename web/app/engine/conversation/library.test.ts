import { expect, test } from "vitest";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newCare } from "../../../core/conversation/care.test-kit.ts";
import { type BundleChain, EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { DamagedRecord } from "../store/damaged.ts";
import type { Deps } from "../store/deps.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { bundleRecord } from "../store/records.ts";
import { createLibrary } from "./library.ts";

const { alone, together, patient } = await newCare("library");
const id = conversationIdText(together.id);
const chain: BundleChain = { conversation: together, seqs: [1, 2] };

function device() {
  const store = memoryStore();
  const library = () => createLibrary({ store } as unknown as Deps);
  let written: string[] = [];
  return {
    store,
    library,
    /** the rows that are put for it */
    async write(next: BundleChain, before: BundleChain, as = id) {
      written = [];
      await store.write(["bundles"], (writer) =>
        library().writeChain(
          {
            ...writer,
            put(name, key, schema, value) {
              written.push(String(key[1]));
              return writer.put(name, key, schema, value);
            },
          },
          as,
          next,
          before,
        ),
      );
      return written;
    },
  };
}

test("K8 a chain is kept a row a bundle, and is the same at the next start", async () => {
  const { write, library } = device();
  expect(await write(chain, EMPTY_CHAIN)).toEqual(["0", "1"]);
  expect(await library().chain(id)).toEqual(chain);
});

test("E1 with a row missing nothing of the chain is believed", async () => {
  for (const lost of [0, 1]) {
    const { store, write, library } = device();
    const three = { conversation: { ...together }, seqs: [1, 2] };
    await write(three, EMPTY_CHAIN);
    const row = await store.read("bundles", [id, 1], bundleRecord);
    await store.write(["bundles"], async (writer) => {
      await writer.put("bundles", [id, 2], bundleRecord, row!);
      await writer.delete("bundles", [id, lost]);
    });
    await expect(library().chain(id)).rejects.toBeInstanceOf(DamagedRecord);
  }
});

test("only rows that changed are written: a new bundle, or an epoch that a grant opened", async () => {
  const { write } = device();
  const before: BundleChain = { conversation: alone, seqs: [1] };
  expect(await write(chain, before)).toEqual(["1"]);
  expect(await write(chain, chain)).toEqual([]);
  const opened = new Map(together.epochs).set(0, { key: null, share: null, secret: null });
  const granted = { ...chain, conversation: { ...together, epochs: opened } };
  expect(await write(granted, chain)).toEqual(["0"]);
});

test("C1 nothing is written where there is no bundle, under another conversation's id, or without a place", async () => {
  const { write } = device();
  expect(await write(EMPTY_CHAIN, EMPTY_CHAIN)).toEqual([]);
  expect(await write(chain, EMPTY_CHAIN, conversationIdText(patient.account))).toEqual([]);
  expect(await write({ conversation: together, seqs: [1] }, EMPTY_CHAIN)).toEqual(["0"]);
});
