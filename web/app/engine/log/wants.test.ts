import { expect, test } from "vitest";
import { CoreError, type CoreErrorCode } from "../../../core/errors.ts";
import { newRoom } from "../../../core/messages/room.test-kit.ts";
import { EMPTY_CHAIN } from "../../../core/sync/bundle-chain.ts";
import { newConversation } from "../conversation/kept.ts";
import type { Understanding } from "./understand.ts";
import { lacksSecret, stopOf, withOlderStop, withStanding } from "./wants.ts";

const room = await newRoom("wants, judged");
const { owner, together } = room;
const chain = { conversation: together, seqs: [1, 2] };
const kept = newConversation({ title: "", owner: owner.account, createdAt: 1 });
const nothing: Understanding = { chain, rows: [], unnamed: [], blocked: null };
const judged = (more: Partial<Understanding>, before = kept, isWhole = true) =>
  withStanding(before, { ...nothing, ...more }, owner.account, 50, isWhole);
const stopped = (code: CoreErrorCode) => judged({ blocked: new CoreError(code) });

test("C5 of all that a bundle may be refused for, only a signed fork is proof", () => {
  const wants: [CoreErrorCode, string, string | null][] = [
    ["bundle_refused", "bundle", "bundle"],
    ["open_failed", "bundle", "bundle"],
    ["bundle_gap", "bundle", null],
    ["manifest_needed", "manifest", null],
    ["manifest_lower", "manifest", null],
    ["own_account_hidden", "manifest", null],
    ["manifest_refused", "manifest", "manifest"],
    ["manifest_forked", "manifest", "manifest"],
  ];
  for (const [code, want, failed] of wants) {
    expect(stopOf(new CoreError(code))).toEqual({ kind: "want", code: want, failed });
    const { blocked, failures } = stopped(code);
    expect(blocked).toEqual({ kind: "want", code: want, since: 50 });
    expect(failures).toEqual(failed === null ? [] : [{ kind: failed, at: 50 }]);
  }
  expect(stopped("bundle_forked").blocked).toEqual({ kind: "proof", code: "fork" });
});

test("C5 what was wanted has come where all is here and nothing of it is wanted", () => {
  const wanting = stopped("bundle_refused");
  expect(judged({}, wanting).blocked).toBeNull();
  expect(judged({}, wanting, false).blocked).toEqual(wanting.blocked);
  const proven = stopped("bundle_forked");
  expect(judged({}, proven).blocked).toEqual(proven.blocked);
  const log = { ...kept, blocked: { kind: "want", code: "log", since: 3 } } as const;
  expect(judged({}, log).blocked).toEqual(log.blocked);
});

test("C5, C7 a member without the newest epoch's secret wants it; whoever is no member does not", () => {
  const blind = { ...together, epochs: new Map() };
  const without = { conversation: blind, seqs: [1, 2] };
  expect(lacksSecret(chain, owner.account)).toBe(false);
  expect(lacksSecret(without, owner.account)).toBe(true);
  expect(lacksSecret(without, new Uint8Array(32))).toBe(false);
  expect(lacksSecret(EMPTY_CHAIN, owner.account)).toBe(false);
  expect(judged({ chain: without }).blocked).toMatchObject({ code: "share" });
});

test("C5 a notice is of what failed a check, not of what waits or what this store refused", () => {
  const placeholder = (reason: string, retry: boolean): Understanding["rows"] => [
    { seq: 3, row: { type: "quarantined", at: 1, envelope: new Uint8Array(), reason, retry } },
  ];
  expect(judged({ rows: placeholder("bad_signature", false) }).failures).toHaveLength(1);
  expect(judged({ rows: placeholder("no_key", true) }).failures).toEqual([]);
  expect(judged({ rows: placeholder("unstorable", false) }).failures).toEqual([]);
  // A newer Thyme's, which this one cannot read yet.
  expect(judged({ rows: placeholder("unsupported_version", false) }).failures).toEqual([]);
  expect(judged({ unnamed: ["share"] }).failures).toEqual([{ kind: "share", at: 50 }]);
});

test("C5 what does not verify among old places is told and stops nothing, but for proof", () => {
  const older = (code: CoreErrorCode) =>
    withOlderStop(kept, { ...nothing, blocked: new CoreError(code) }, 50);
  expect(older("bundle_refused")).toMatchObject({ blocked: null, failures: [{ kind: "bundle" }] });
  expect(older("bundle_forked").blocked).toEqual({ kind: "proof", code: "fork" });
});
