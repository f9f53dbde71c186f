import { Dialog } from "../kit/dialog.tsx";
import { enterSends } from "../shell/enter-sends.ts";
import { useModels } from "../shell/models-context.ts";
import { text } from "../text/language.ts";

/** Which key does what. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = text().shortcuts;
  const w = text().writing;
  const state = useModels().app.value;
  const hasTemplates = state.phase === "ready" && state.me.role === "practitioner";
  const sends = enterSends.value;
  const rows: readonly (readonly [string, ...string[]])[] = [
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
  return (
    <Dialog title={t.title} onClose={onClose}>
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
      <p class="hint">{t.off}</p>
    </Dialog>
  );
}
