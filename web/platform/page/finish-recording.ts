import {
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
  WEBM,
  WebMOutputFormat,
} from "mediabunny";
import { waveformOf } from "../../core/files/waveform.ts";
import { PlatformError } from "../problem.ts";

/** A recording that can be played, sought in and drawn. */
export interface FinishedRecording {
  readonly file: Blob;
  readonly seconds: number;
  /** a byte for each bar, 255 the loudest */
  readonly waveform: Uint8Array;
}

/** Enough to draw by, and a sixth of the memory. */
const DRAWN_HZ = 8_000;

/** What a player draws beside the time on the narrowest phone. */
const BARS = 48;

/**
 * A recorder writes as it hears: it does not know the duration, nor where what begins. The sound is put into a new
 * container that does, sample by sample as it was encoded. Throws PlatformError `recording_failed`.
 */
export async function finishRecording(recorded: Blob): Promise<FinishedRecording> {
  try {
    using input = new Input({ formats: [WEBM, MP4], source: new BlobSource(recorded) });
    const track = await input.getPrimaryAudioTrack();
    const codec = await track?.getCodec();
    const decoderConfig = await track?.getDecoderConfig();
    if (!track || !codec || !decoderConfig) throw new PlatformError("recording_failed");

    const isWebm = (await input.getFormat()) === WEBM;
    const target = new BufferTarget();
    const format = isWebm
      ? new WebMOutputFormat()
      : new Mp4OutputFormat({ fastStart: "in-memory" });
    const output = new Output({ format, target });
    const source = new EncodedAudioPacketSource(codec);
    output.addAudioTrack(source);
    await output.start();
    let seconds = 0;
    let first: number | null = null;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      first ??= packet.timestamp;
      const timestamp = Math.max(0, packet.timestamp - first);
      await source.add(packet.clone({ timestamp }), { decoderConfig });
      seconds = Math.max(seconds, timestamp + packet.duration);
    }
    await output.finalize();
    if (target.buffer === null || seconds === 0) throw new PlatformError("recording_failed");
    return {
      file: new Blob([target.buffer], { type: isWebm ? "audio/webm" : "audio/mp4" }),
      seconds,
      waveform: await drawn(target.buffer),
    };
  } catch (error) {
    throw error instanceof PlatformError ? error : new PlatformError("recording_failed", error);
  }
}

/** Empty where this browser records what it cannot decode apart from playing. */
async function drawn(file: ArrayBuffer): Promise<Uint8Array> {
  try {
    const context = new OfflineAudioContext({
      numberOfChannels: 1,
      length: 1,
      sampleRate: DRAWN_HZ,
    });
    const decoded = await context.decodeAudioData(file.slice());
    return waveformOf(decoded.getChannelData(0), BARS);
  } catch {
    return new Uint8Array();
  }
}
