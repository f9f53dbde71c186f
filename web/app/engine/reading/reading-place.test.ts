import { expect, test } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import { memoryStore } from "../store/memory-store.test-kit.ts";
import { readingPlace, readingPlaceHandlers } from "./reading-place.ts";

const place = { seq: 4, top: -20 };

test("where the reader left off is kept until they are at the newest message again", async () => {
  const store = memoryStore();
  const { keepPlace } = readingPlaceHandlers(store, () => true);
  await keepPlace({ conversation: C1, place });
  expect(await readingPlace(store, C1)).toEqual(place);
  await keepPlace({ conversation: C1, place: null });
  expect(await readingPlace(store, C1)).toBeNull();
});

test("K8 what a page says after somebody signed out is not kept", async () => {
  const store = memoryStore();
  await readingPlaceHandlers(store, () => false).keepPlace({ conversation: C1, place });
  expect(await readingPlace(store, C1)).toBeNull();
});
