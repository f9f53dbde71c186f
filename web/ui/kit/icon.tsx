/** Strokes of 1.7 px on a grid of 24, drawn in the colour of the text around them. */
const shapes = {
  back: ["m15 5-7 7 7 7"],
  close: ["M6 6l12 12M18 6 6 18"],
  plus: ["M12 5v14M5 12h14"],
  send: ["M5 12h14M12 5l7 7-7 7"],
  down: ["M12 5v14M5 12l7 7 7-7"],
  check: ["m5 12.5 4.5 4.5L19 7"],
  checks: ["m2.5 12.5 4.5 4.5L16.5 7", "m11.5 16 1 1L22 7"],
  eye: [
    "M2.5 12C5 7.800 8.200 5.800 12 5.800s7 2 9.500 6.200c-2.500 4.200-5.700 6.200-9.500 6.200S5 16.200 2.500 12Z",
    "M12 9.200a2.8 2.8 0 1 0 0 5.600 2.8 2.8 0 0 0 0-5.600Z",
  ],
  clock: ["M12 7.5V12l3 2"],
  alert: ["M12 8v5M12 16.5v.1"],
  info: ["M12 11v5.5M12 7.6v.1"],
  shield: ["M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6Z", "m9 12 2 2 4-4"],
  copy: ["M9 9h10v11H9z", "M15 5.5V4H5v11h1.5"],
  print: ["M7 9V4h10v5", "M7 17H4V9h16v8h-3", "M7 14h10v6H7z"],
  share: ["M12 15V4M8 8l4-4 4 4", "M6 12H5v8h14v-8h-1"],
  link: [
    "M10 14a4 4 0 0 0 6 .4l2.5-2.5a4 4 0 0 0-5.7-5.7L11.5 7.5",
    "M14 10a4 4 0 0 0-6-.4l-2.5 2.5a4 4 0 0 0 5.7 5.7l1.3-1.3",
  ],
  settings: [
    "M4 7h9M19 7h1M4 17h1M11 17h9",
    "M16 4.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4ZM8 14.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4Z",
  ],
  fingerprint: [
    "M6 10.5a6 6 0 0 1 12 0c0 2 .1 4-.4 6",
    "M9 11a3 3 0 0 1 6 0c0 3.5-.4 6.5-1.6 9",
    "M12 11c0 3-.4 5.5-1.6 8",
    "M6 13.500c0 1.5-.2 2.8-.7 4",
    "M5 6.500a8.5 8.5 0 0 1 14 0",
  ],
  message: [
    "M5 5h14a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 5Z",
  ],
  search: ["M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z", "m15 15 5 5"],
  more: ["M12 4.7a.8.8 0 1 0 .01 0ZM12 11.2a.8.8 0 1 0 .01 0ZM12 17.7a.8.8 0 1 0 .01 0Z"],
  pin: ["M9 3.500h6l-.8 6 3.3 3.500v1.500H6.500V13l3.3-3.500L9 3.500Z", "M12 14.500V21"],
  mute: [
    "M6 9a6 6 0 0 1 9.5-4.900M18 9.500c0 4 1.5 6 1.5 6H8.500M6 11c-.3 3-1.5 4.5-1.5 4.5",
    "M10 19a2.2 2.2 0 0 0 4 0",
    "M4 3l16 18",
  ],
  archive: ["M4 5h16v4H4z", "M5.5 9v10h13V9", "M10 13h4"],
  template: ["M6 3.500h8.500l4 4v13H6Z", "M9 11h6.500M9 14.500h6.500M9 7.500h2.500"],
  select: ["M4 6.5 6 8.5 9.5 5M4 16l2 2 3.5-3.5", "M13 7h7M13 16.500h7"],
  offline: [
    "M4 4l16 16",
    "M8.5 15.5a5 5 0 0 1 5.7-1M5 12a10 10 0 0 1 4.5-2.6M19 12a10 10 0 0 0-5.5-2.9M12 19.2v.1",
  ],
  reply: ["M10 6 4 12l6 6", "M4 12h9a7 7 0 0 1 7 6"],
  edit: ["M5 19v-3.500L15.500 5 19 8.500 8.500 19Z", "m13 7.500 3.500 3.500"],
  trash: ["M5 7h14M9.500 7V4.500h5V7", "m6.500 7 1 12.500h9l1-12.500", "M10.500 11v5M13.500 11v5"],
  attach: [
    "m20 11.5-7.800 7.800a5 5 0 0 1-7.100-7.100l8.300-8.300a3.300 3.300 0 0 1 4.700 4.700l-8.200 8.200a1.700 1.700 0 0 1-2.400-2.400l7.300-7.300",
  ],
  photo: [
    "M5 5h14v14H5z",
    "m5.500 16.500 4.500-4.500 6.500 6.500",
    "m13 15 2.500-2.500 3.500 3.500",
    "M14.500 8.700v.1",
  ],
  camera: [
    "M4 8h3.500L9 5.500h6L16.500 8H20v11H4Z",
    "M12 10a3.300 3.300 0 1 0 0 6.600 3.300 3.300 0 0 0 0-6.600Z",
  ],
  document: ["M6 3.500h7.500L18 8v12.500H6Z", "M13.500 3.500V8H18", "M9 12.500h6M9 16h6"],
  microphone: [
    "M12 3.500a2.500 2.500 0 0 0-2.500 2.500v5.500a2.500 2.500 0 0 0 5 0V6A2.500 2.500 0 0 0 12 3.500Z",
    "M6 11.500a6 6 0 0 0 12 0M12 17.500v3",
  ],
  sound: [
    "M9 17.500V6l9-2v11.500",
    "M9 17.500a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Z",
    "M18 15.500a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Z",
  ],
  play: ["M8 5.500v13l10.500-6.500Z"],
  pause: ["M9 6v12M15 6v12"],
  stop: ["M7 7h10v10H7z"],
  save: ["M12 4v11M7.500 11l4.500 4.500 4.500-4.500", "M5 19.500h14"],
  forward: ["m14 6 6 6-6 6", "M20 12h-9a7 7 0 0 0-7 6"],
  zoomIn: ["M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z", "m15 15 5 5", "M10.500 8v5M8 10.500h5"],
  zoomOut: ["M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z", "m15 15 5 5", "M8 10.500h5"],
  next: ["m9 5 7 7-7 7"],
  smile: ["M8.500 14a4 4 0 0 0 7 0", "M9 9.500v.1M15 9.500v.1"],
  thyme: [
    "M12 22V6",
    "M12 10c-3.2 0-5-1.8-5-5 3.2 0 5 1.8 5 5Zm0 0c3.2 0 5-1.8 5-5-3.2 0-5 1.8-5 5Zm0 7c-3.2 0-5-1.6-5-4.6 3.2 0 5 1.6 5 4.6Zm0 0c3.2 0 5-1.6 5-4.6-3.2 0-5 1.6-5 4.6Z",
  ],
} as const;

export type IconName = keyof typeof shapes;

const circled: readonly IconName[] = ["clock", "alert", "info", "smile"];
const directional: readonly IconName[] = ["back", "next", "send", "reply", "forward"];

/** Decoration: what it means stands beside it in words, seen or hidden. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class={directional.includes(name) ? "flip" : undefined}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={size < 20 ? 2 : 1.7}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {circled.includes(name) && <circle cx="12" cy="12" r="9" />}
      {shapes[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
