import { encode } from "uqr";
import { useMemo } from "preact/hooks";

const QUIET_ZONE = 4;

/** One path for all dark squares, a run of squares at a time. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  const parts: string[] = [];
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x += 1;
      parts.push(
        `M${start + QUIET_ZONE} ${y + QUIET_ZONE}h${x - start + 1}v1H${start + QUIET_ZONE}z`,
      );
    }
  });
  return parts.join("");
}

/** A QR code, dark on white in every theme because cameras expect it. */
export function Qr({ value, label }: { value: string; label: string }) {
  const code = useMemo(() => encode(value, { ecc: "M", border: 0 }), [value]);
  const side = code.size + 2 * QUIET_ZONE;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`}>
      <rect width={side} height={side} fill="#fff" />
      <path d={pathOf(code.data)} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}
