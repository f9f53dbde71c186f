/** Files, photos and voice notes in every state. */
import { C1, messageNamed } from "../../web/app/ids.test-kit.ts";
import { type Fakes, practitioner } from "../../web/ui/fake-models.test-kit.ts";
import {
  chosen,
  filesHistory,
  offerFiles,
  onTheWay,
  refused,
  showFiles,
  showGallery,
  showUploads,
} from "./file-people.ts";
import { type Act, type Setup, type State, click, see, state } from "./state.ts";

const C = `/c/${C1}`;
const G = `${C}/files`;
const full = (fakes: Fakes): void => showFiles(fakes, filesHistory(Date.now()));
const open = (acts: readonly Act[], setUp: Setup = full): State =>
  state(C, practitioner, acts, setUp);
const gallery = (acts: readonly Act[], setUp: Setup = showGallery): State =>
  state(G, practitioner, acts, setUp);

const PICTURES = "form.composer input[type=file][accept='image/*']";
const choose: Act = { do: "choose", at: PICTURES, files: chosen };
const chooseRefused: Act = { do: "choose", at: PICTURES, files: refused };
const ATTACH = "form.composer .icon-button[aria-haspopup=menu]";
const MICROPHONE = ".composer-box > .icon-button:last-child";
/** Later than a hasty second press of "Send" would come. */
const record: readonly Act[] = [
  ...Array.from({ length: 8 }, () => see(MICROPHONE)),
  click(MICROPHONE),
];
const PHOTO = `[data-id="${messageNamed("m11")}"]`;
const menu: readonly Act[] = [see(".log-frame > output + output"), click(`${PHOTO} [data-more]`)];
const large: readonly Act[] = [
  see(`${PHOTO} .photo-picture`),
  click(`${PHOTO} .photo-open`),
  see(".lightbox img"),
];
const top: Act = { do: "top", at: "[role=log]" };
const previous = click(".lightbox-turn.before");
const zoomIn = click(".lightbox-zoom + .lightbox-zoom");

export const FILE_STATES: Readonly<Record<string, State>> = {
  "files-history": open([]),
  "files-history-top": open([see(".photo"), top]),
  "files-loading": open([], (fakes) => {
    full(fakes);
    for (const place of fakes.files.stored.keys()) {
      fakes.files.stored.set(place, () => new Promise(() => undefined));
    }
  }),
  "files-not-loaded": open([], (fakes) => {
    full(fakes);
    fakes.connection.value = "offline";
    fakes.models.files.open = () => Promise.resolve({ ok: false, problem: "offline" });
  }),
  "files-playing": open([see(".player"), top, click(".player-play")]),
  "files-uploading": open([], showUploads),
  "files-waiting-offline": open([], (fakes) => {
    showUploads(fakes);
    fakes.connection.value = "offline";
  }),
  "files-failed": open([], (fakes) =>
    showFiles(fakes, onTheWay(Date.now(), { state: "failed", problem: "file_lost" })),
  ),
  "files-list": state("/", practitioner, [], full),
  "files-attach": open([click(ATTACH)]),
  "files-tray": open([choose, see(".tray-full")], offerFiles),
  "files-tray-refused": open([choose, chooseRefused, see(".tray .error")], offerFiles),
  "files-tray-failed": open([choose, see(".tray-full"), click(".send")], (fakes) => {
    offerFiles(fakes);
    fakes.answers.set("sendFile", [{ ok: false, problem: "device_full" }]);
  }),
  "files-drop": open([{ do: "drag", at: ".conversation-main" }]),
  "files-menu": open(menu),
  "files-reply": open([...menu, click("[role=menuitem]:nth-child(1)")]),
  "files-forward": open([...menu, click("[role=menuitem]:nth-child(4)")]),
  "files-delete": open([...menu, click("[role=menuitem].danger")]),
  "voice-asking": open(record, (fakes) => {
    full(fakes);
    fakes.models.voice.record = () => new Promise(() => undefined);
  }),
  "voice-recording": open([...record, see(".voice-levels > span:nth-child(12)")]),
  "voice-ready": open([...record, click(".voice-bar .primary"), see(".voice-preview")]),
  "voice-denied": open(record, (fakes) => {
    full(fakes);
    fakes.answers.set("recordVoice", [{ ok: false, problem: "microphone_denied" }]);
  }),
  "photo-large": open(large),
  "photo-caption": open([...large, previous, previous, previous, see(".lightbox-caption")]),
  "photo-zoomed": open([...large, zoomIn, zoomIn, zoomIn]),
  gallery: gallery([see(".gallery-tile img")]),
  "gallery-documents": gallery([click("[role=tab]:nth-child(2)")]),
  "gallery-voice": gallery([click("[role=tab]:nth-child(3)")]),
  "gallery-empty": gallery([], (fakes) => showFiles(fakes, [])),
  "gallery-loading": gallery([], (fakes) => {
    full(fakes);
    fakes.models.files.gallery = () => new Promise(() => undefined);
  }),
  "gallery-failed": gallery([], (fakes) => {
    full(fakes);
    fakes.answers.set("files", [{ ok: false, problem: "storage" }]);
  }),
  "gallery-offline": gallery([], (fakes) => {
    showGallery(fakes);
    fakes.connection.value = "offline";
  }),
};
