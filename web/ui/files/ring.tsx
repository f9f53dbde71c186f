import type { TransferState } from "./transfer.ts";

const LENGTH = 100;

/** How much of a file is through, around the button that stops it. */
export function Ring({ state, name }: { state: TransferState; name: string }) {
  const { transfer } = state;
  const share = transfer === null ? null : transfer.done / Math.max(1, transfer.total);
  return (
    <>
      {transfer !== null && (
        <progress
          class="hidden-text"
          aria-label={name}
          value={transfer.done}
          max={Math.max(1, transfer.total)}
        />
      )}
      <svg
        class={share === null ? "ring waiting" : "ring"}
        viewBox="0 0 44 44"
        fill="none"
        aria-hidden="true"
      >
        <circle cx="22" cy="22" r="19" pathLength={LENGTH} />
        {share !== null && (
          <circle
            class="ring-done"
            cx="22"
            cy="22"
            r="19"
            pathLength={LENGTH}
            stroke-dasharray={`${share * LENGTH} ${LENGTH}`}
          />
        )}
      </svg>
    </>
  );
}
