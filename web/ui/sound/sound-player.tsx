import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { isRtl } from "../kit/direction.ts";
import { Icon } from "../kit/icon.tsx";
import { locale, text } from "../text/language.ts";
import { playTime } from "../text/measures.ts";
import {
  type Heard,
  nextSpeed,
  playing,
  seekPlaying,
  speed,
  stopPlaying,
  togglePlaying,
} from "./player.ts";
import { Waveform } from "./waveform.tsx";

interface Props {
  readonly sound: Heard;
  readonly waveform: Uint8Array | undefined;
  /** in a history, Tab reaches what is in a message from that message only */
  readonly inner?: boolean;
  /** beside the time, in place of the speed */
  readonly state?: string | undefined;
  readonly action?: JSX.Element | undefined;
}

/** The share of a recording that an arrow moves over, and the least, in seconds. */
const STEP_SHARE = 0.05;
const STEP_LEAST = 1;

/** Plays one recording: a button, a picture of it to seek on, and how fast. */
export function SoundPlayer({ sound, waveform, inner = false, state, action }: Props) {
  const t = text().player;
  const now = playing.value?.sound === sound.sound ? playing.value : null;
  const duration = now && now.duration > 0 ? now.duration : sound.duration;
  const seconds = Math.min(now?.seconds ?? 0, duration);
  const isPlaying = now?.state === "playing";
  const place = t.at(playTime(seconds), playTime(duration));
  const attributes = inner ? { "data-inner": true, tabIndex: -1 } : {};

  // What is looked at no more may go on; what is gone may not.
  useEffect(() => () => void (inner || playing.peek()?.sound !== sound.sound || stopPlaying()), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = Math.max(STEP_LEAST, duration * STEP_SHARE);
    const forward = isRtl() ? "ArrowLeft" : "ArrowRight";
    const back = isRtl() ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) void seekPlaying(sound, Math.min(duration, seconds + step));
    else if (event.key === back) void seekPlaying(sound, Math.max(0, seconds - step));
    else return;
    event.preventDefault();
  };
  const times = new Intl.NumberFormat(locale.value).format(speed.value);
  return (
    <div class="player">
      <button
        type="button"
        class="icon-button player-play"
        {...attributes}
        aria-label={isPlaying ? t.pause : t.play}
        title={isPlaying ? t.pause : t.play}
        aria-busy={now?.state === "loading"}
        onClick={() => void togglePlaying(sound)}
      >
        <Icon name={isPlaying ? "pause" : "play"} />
      </button>
      <div class="player-middle">
        <span class="player-seek">
          <Waveform bars={waveform} share={duration > 0 ? seconds / duration : 0} />
          <input
            type="range"
            {...attributes}
            min={0}
            max={Math.max(duration, 0.1)}
            step="any"
            value={seconds}
            aria-label={t.place}
            aria-valuetext={place}
            onKeyDown={onKeyDown}
            onInput={(event) => void seekPlaying(sound, event.currentTarget.valueAsNumber)}
          />
        </span>
        <span class="player-line numbers">
          <span>{now && seconds > 0 ? place : duration > 0 ? playTime(duration) : ""}</span>
          {state !== undefined && <span>{state}</span>}
        </span>
      </div>
      {action ?? (
        <button
          type="button"
          class="player-speed numbers"
          {...attributes}
          aria-label={t.speed(times)}
          title={t.speed(times)}
          onClick={nextSpeed}
        >
          {t.times(times)}
        </button>
      )}
      {now?.state === "failed" && (
        <p class="error file-problem" role="alert">
          {t.failed}
        </p>
      )}
    </div>
  );
}
