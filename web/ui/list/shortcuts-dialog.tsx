import { Dialog } from "../kit/dialog.tsx";
import { enterSends } from "../state/enter-sends.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

/** What it does, and by which keys. */
type Row = readonly [string, ...string[]];

/** Which key does what. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = text().shortcuts;
  const w = text().writing;
  const m = text().messageShortcuts;
  const state = useModels().app.value;
  const hasTemplates = state.phase === "ready" && state.me.role === "practitioner";
  const sends = enterSends.value;
  const rows: readonly Row[] = [
    [t.next, t.down, "j"],
    [t.previous, t.up, "k"],
    [t.open, t.enter],
    [t.find, "/"],
    [t.back, t.escape],
    [t.help, "?"],
    sends ? [w.send, t.enter, w.control, w.command] : [w.send, w.control, w.command],
    sends ? [w.newLine, w.shift] : [w.newLine, t.enter, w.shift],
    ...(hasTemplates ? [[w.templates, "/"] as const] : []),
  ];
  const inMessages: readonly Row[] = [
    [m.move, t.up, t.down],
    [m.open, t.enter, m.menu],
    [m.reply, "r"],
    [m.edit, "e"],
    [m.back, t.escape],
    [m.editLast, t.up],
  ];
  return (
    <Dialog title={t.title} onClose={onClose}>
      <Keys rows={rows} />
      <h3 class="shortcuts-part">{m.title}</h3>
      <Keys rows={inMessages} />
      <p class="hint">{t.off}</p>
    </Dialog>
  );
}

function Keys({ rows }: { rows: readonly Row[] }) {
  const t = text().shortcuts;
  return (
    <dl class="shortcuts">
      {rows.map(([name, ...keys]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {keys.map((key, n) => (
              <span key={key}>
                {n > 0 && ` ${t.or} `}
                <kbd>{key}</kbd>
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
