import { WAVEFORM_BYTES } from "./file-body.ts";

/** Below this share of the loudest moment nothing is heard; a recording of mere noise stays flat. */
const SILENCE = 0.01;

/**
 * The picture of a recording: a byte for each bar, 255 the loudest. `samples`: mono, from -1 to 1. Loudness goes by the
 * square root, as ears do, so that quiet speech is seen beside a laugh.
 */
export function waveformOf(samples: Float32Array, bars: number = WAVEFORM_BYTES): Uint8Array {
  const count = Math.min(bars, WAVEFORM_BYTES, samples.length);
  const loud = Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * samples.length) / count);
    const to = Math.floor(((bar + 1) * samples.length) / count);
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt(sum / Math.max(1, to - from));
  });
  const most = Math.max(SILENCE, ...loud);
  return Uint8Array.from(loud, (one) => Math.round(255 * Math.sqrt(Math.min(1, one / most))));
}
