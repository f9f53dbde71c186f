/** What was sent in the pictures of files: of all kinds, sizes and states. */
import type { FileOffer, Transfer } from "../../web/app/files-view.ts";
import type { Outcome } from "../../web/app/models.ts";
import type { Delivery, TimelineItem } from "../../web/app/timeline.ts";
import type { Preview } from "../../web/app/view.ts";
import { DAY, type Fakes, details, message, timeline } from "../../web/ui/fake-models.test-kit.ts";
import {
  type Picture,
  document as paper,
  fileMessage,
  galleryRow,
  picture,
  storePicture,
  tone,
  voiceNote,
} from "../../web/ui/fake-pictures.test-kit.ts";
import { fullList } from "./people.ts";

const HOUR = DAY / 24;
const READ: Delivery = { state: "read", at: Date.now() };
const LONG = "Informe de laboratorio definitivo con los valores de la analítica de otoño (2).pdf";

const SIZES = [
  [1_600, 1_200],
  [1_200, 1_600],
  [2_400, 700],
  [240, 180],
] as const;
const album = new Map<number, Picture>();

/** Drawn in the browser when it is asked for: Node, which lists the states, has no canvas. */
export function shot(n: 0 | 1 | 2 | 3): Picture {
  const made = album.get(n) ?? picture(n + 1, ...SIZES[n]);
  album.set(n, made);
  return made;
}
const [LUNCH, DINNER, WIDE, SMALL] = [0, 1, 2, 3] as const;

export function filesHistory(now: number): TimelineItem[] {
  const at = (hours: number): number => now - hours * HOUR;
  const sound = {
    kind: "audio",
    type: "audio/mp4",
    name: "Appointment.m4a",
    size: 9_300_000,
  } as const;
  return [
    message(1, at(30), "Good morning. Here is what I ate."),
    fileMessage(2, at(29), shot(LUNCH).file),
    fileMessage(3, at(28.9), shot(DINNER).file, "Dinner. The sauce is yoghurt with lemon, no oil."),
    fileMessage(4, at(27), voiceNote(32)),
    fileMessage(
      5,
      at(26),
      paper("plan-week-2.pdf", 482_000),
      "Your plan for the second week",
      READ,
    ),
    fileMessage(6, at(25), paper(LONG, 4_800_000)),
    fileMessage(7, at(24), shot(WIDE).file, "", READ),
    fileMessage(8, at(5), shot(SMALL).file),
    fileMessage(9, at(4), voiceNote(184), "", READ),
    fileMessage(10, at(3), sound),
    fileMessage(11, at(2.5), shot(DINNER).file, "", READ),
    quoting(message(12, at(2), "That looks much better than last week.", READ)),
  ];
}

function quoting(item: TimelineItem): TimelineItem {
  const { image } = shot(DINNER).file;
  if (item.kind !== "message" || !image) return item;
  const file = { kind: "image", name: "IMG_2032.jpg", thumb: image.thumb } as const;
  const sender = { name: "Ana", own: false };
  return { ...item, reply: { state: "here", seq: 3, sender, text: "", file } };
}

export const onTheWay = (now: number, delivery: Delivery = { state: "queued" }): TimelineItem[] => [
  message(1, now - HOUR, "Send me what you have, please."),
  fileMessage(null, now - 4, shot(LUNCH).file, "", delivery),
  fileMessage(null, now - 3, shot(DINNER).file, "And the dinner", delivery),
  fileMessage(null, now - 2, paper(LONG, 24_000_000), "", delivery),
  fileMessage(null, now - 1, voiceNote(32), "", delivery),
];

const said = (file: NonNullable<Preview["file"]>): Preview => ({
  own: false,
  text: "",
  deleted: false,
  file,
});
const PREVIEWS: ReadonlyMap<number, Preview> = new Map([
  [0, said({ kind: "image", name: "a.jpg" })],
  [4, { ...said({ kind: "voice", name: "a.webm", seconds: 32 }), own: true }],
  [6, said({ kind: "document", name: LONG })],
]);

/** The conversation with these in it, and everything that they open. */
export function showFiles(fakes: Fakes, items: readonly TimelineItem[]): void {
  fakes.list.value = fullList(Date.now()).map((row, n) => ({
    ...row,
    preview: PREVIEWS.get(n) ?? row.preview,
  }));
  fakes.details.value = details();
  fakes.timeline.value = timeline(items);
  for (const item of items) {
    if (item.kind !== "message" || !item.file) continue;
    const { name, kind } = item.file;
    const place = item.seq ?? item.id;
    if (kind !== "image") fakes.files.stored.set(place, () => Promise.resolve(tone(32)));
    const n = ([LUNCH, DINNER, WIDE, SMALL] as const).find((one) => shot(one).file.name === name);
    if (n !== undefined) storePicture(fakes, place, shot(n));
  }
  fakes.files.gallery.value = items.flatMap((item) => galleryRow(item) ?? []).toReversed();
}

/** Three months of them. */
export function showGallery(fakes: Fakes): void {
  const now = Date.now();
  const pictures = Array.from({ length: 23 }, (_, n) => {
    const one = shot(([LUNCH, DINNER, WIDE, SMALL] as const)[n % 4] ?? LUNCH);
    return fileMessage(100 + n, now - (23 - n) * 3 * DAY, one.file);
  });
  const newer = filesHistory(now).map((item) =>
    item.kind === "message" && item.seq !== null ? { ...item, seq: item.seq + 200 } : item,
  );
  showFiles(fakes, [...pictures, ...newer]);
}

/** Two of those on their way go up. */
export function showUploads(fakes: Fakes): void {
  const items = onTheWay(Date.now());
  showFiles(fakes, items);
  const ids = items.flatMap((item) => (item.kind === "message" && item.file ? [item.id] : []));
  const up = (n: number, done: number, total: number, secondsLeft: number) =>
    ids
      .slice(n, n + 1)
      .map((id): [Transfer["id"], Transfer] => [
        id,
        { id, direction: "up", done, total, secondsLeft },
      ]);
  fakes.files.transfers.value = new Map([
    ...up(0, 420_000, 731_000, 4),
    ...up(2, 9_100_000, 24_000_000, 75),
  ]);
}

const PLAN: FileOffer = {
  kind: "document",
  type: "application/pdf",
  name: "plan-week-2.pdf",
  size: 482_000,
  image: null,
  keepsMetadata: true,
  quality: "none",
};
const PHOTO: FileOffer = {
  kind: "image",
  type: "image/jpeg",
  name: "IMG_2031.jpg",
  size: 3_200_000,
  image: { width: 1_600, height: 1_200 },
  keepsMetadata: false,
  quality: "either",
};
const offered = (value: FileOffer): Outcome<FileOffer> => ({ ok: true, value });

/** What is chosen in the pictures, and what the engine says of it. */
export function offerFiles(fakes: Fakes): void {
  showFiles(fakes, filesHistory(Date.now()));
  const { offers } = fakes.files;
  offers.set(PHOTO.name, offered(PHOTO));
  offers.set(PLAN.name, offered(PLAN));
  offers.set("video.mp4", { ok: false, problem: "file_video" });
  offers.set("IMG_2032.heic", { ok: false, problem: "file_heic" });
}

export const chosen = async (): Promise<readonly File[]> => [
  new File([await shot(LUNCH).blob()], PHOTO.name, { type: PHOTO.type }),
  new File([new Uint8Array(PLAN.size)], PLAN.name),
];
export const refused = async (): Promise<readonly File[]> => [
  new File(["x"], "video.mp4"),
  new File(["x"], "IMG_2032.heic"),
];
