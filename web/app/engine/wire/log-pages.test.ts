import { expect, test } from "vitest";
import { toBase64url } from "../../../../workers/protocol/bytes.ts";
import { encodeCbor } from "../../../../workers/protocol/cbor.ts";
import { LIMITS } from "../../../../workers/protocol/limits.ts";
import type { Api } from "../../../platform/http.ts";
import { C1 } from "../../ids.test-kit.ts";
import { fetchLogPage } from "./log-pages.ts";

const served = (items: readonly string[]): Api =>
  ({ call: () => Promise.resolve({ items, more: false }) }) as unknown as Api;
const item = (seq: number) =>
  toBase64url(encodeCbor({ seq, at: 1, envelope: new Uint8Array([seq]) }));

test("E1 a page of more items than were asked for is refused before any of them is decoded", async () => {
  const whole = Array.from({ length: LIMITS.itemsPerPage }, (_, i) => item(i + 1));
  const { items } = await fetchLogPage(served(whole), C1, { after: 0 });
  expect(items).toHaveLength(LIMITS.itemsPerPage);
  const noItem = toBase64url(new Uint8Array([255]));
  const few = fetchLogPage(served([noItem]), C1, { after: 0 });
  await expect(few).rejects.not.toMatchObject({ code: "unbounded" });
  const many = fetchLogPage(served([...whole, noItem]), C1, { after: 0 });
  await expect(many).rejects.toMatchObject({ code: "unbounded" });
});
