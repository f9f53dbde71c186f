import type {
  FailedKind,
  FailedNotice,
  PlaceRange,
  ProofCode,
  Standstill,
  WantCode,
} from "../store/standstill.ts";
import type { KeptConversation } from "./kept.ts";
import { withPlaces, withoutPlace, withoutPlacesAfter } from "./place-ranges.ts";

type Standing = { readonly blocked: Standstill | null };

/** C5: it is over for good: nothing is sent, and nothing more is taken in. */
export const isProven = ({ blocked }: Standing): boolean => blocked?.kind === "proof";

/** C5: something is asked for again at each contact, and nothing is sent until it came. */
export const isWanting = ({ blocked }: Standing): boolean => blocked?.kind === "want";

/** C5, M6: proof of a fork or of a copied device stops sending for good; null leaves it as it was. */
export const sendingStopped = (kept: KeptConversation, why: ProofCode | null): KeptConversation =>
  why === null || isProven(kept) ? kept : { ...kept, blocked: { kind: "proof", code: why } };

/** C5: this is missing; `since` when anything is, without a break. */
export function wanted(kept: KeptConversation, code: WantCode, now: number): KeptConversation {
  const { blocked } = kept;
  if (blocked?.kind === "proof" || blocked?.code === code) return kept;
  return { ...kept, blocked: { kind: "want", code, since: blocked?.since ?? now } };
}

/** C5: none of these is missing any more. */
export const wantsMet = (kept: KeptConversation, codes: readonly WantCode[]): KeptConversation =>
  kept.blocked?.kind === "want" && codes.includes(kept.blocked.code)
    ? { ...kept, blocked: null }
    : kept;

/** More of one kind within a day is one notice. */
const SAME_MS = 24 * 60 * 60 * 1000;
const NOTICES = 20;

/** C5: something of this kind came and failed a check; the newest notices stay. */
export function failureNoticed(
  kept: KeptConversation,
  kind: FailedKind,
  now: number,
): KeptConversation {
  const isKnown = (one: FailedNotice) => one.kind === kind && now - one.at < SAME_MS;
  if (kept.failures.some(isKnown)) return kept;
  return { ...kept, failures: [...kept.failures, { kind, at: now }].slice(-NOTICES) };
}

/** M6, M9: nothing is stored of these places, or nothing that anybody vouches for: they are asked for again. */
export const placesMissed = (
  kept: KeptConversation,
  missed: readonly PlaceRange[],
): KeptConversation =>
  missed.length === 0 ? kept : { ...kept, missed: withPlaces(kept.missed, missed) };

/** M6: what stands at this place is known now, or was deleted. */
export function placeFilled(kept: KeptConversation, seq: number): KeptConversation {
  const missed = withoutPlace(kept.missed, seq);
  return missed === kept.missed ? kept : { ...kept, missed };
}

/** M9: the server has nothing after this place, and nothing that was stored there was vouched for. */
export const logRetracted = (
  kept: KeptConversation,
  lastSeq: number,
  retried: number,
): KeptConversation => ({
  ...kept,
  cursor: Math.min(kept.cursor, lastSeq),
  lastSeq: Math.min(kept.lastSeq, lastSeq),
  retryable: Math.max(0, kept.retryable - retried),
  missed: withoutPlacesAfter(kept.missed, lastSeq),
});

/** M6: the newest own message that the server took, and its place. */
export const acknowledgedAt = (
  kept: KeptConversation,
  deviceSeq: number,
  seq: number,
): KeptConversation =>
  deviceSeq <= kept.acknowledged.deviceSeq ? kept : { ...kept, acknowledged: { deviceSeq, seq } };
