import { Dialog } from "../kit/dialog.tsx";
import { text } from "../text/language.ts";

/** Which key does what. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = text().shortcuts;
  const rows: readonly (readonly [string, ...string[]])[] = [
    [t.next, t.down, "j"],
    [t.previous, t.up, "k"],
    [t.open, t.enter],
    [t.find, "/"],
    [t.back, t.escape],
    [t.help, "?"],
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
