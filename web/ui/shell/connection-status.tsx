import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../../app/view.ts";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import { useModels } from "../state/models-context.ts";

/** Nothing is said of a connection that comes within this time. */
const SLOW_MS = 2_000;
const GOOD_NEWS_MS = 3_000;

/** Whether the strip is seen. In between, its text stays for assistive technology only. */
function useVisible(connection: Connection): boolean {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    switch (connection) {
      case "offline":
      case "elsewhere":
        setVisible(true);
        return;
      case "connecting": {
        const timer = setTimeout(() => setVisible(true), SLOW_MS);
        return () => clearTimeout(timer);
      }
      case "online": {
        const timer = setTimeout(() => setVisible(false), GOOD_NEWS_MS);
        return () => clearTimeout(timer);
      }
    }
  }, [connection]);
  return visible;
}

/** One strip for the whole app, above every screen. */
export function ConnectionStatus() {
  const models = useModels();
  const connection = models.connection.value;
  const visible = useVisible(connection);
  const t = text().connection;
  // Before sign-in the engine holds no connection, so only the lack of one is news.
  const ready = models.app.value.phase === "ready";
  const unsent = models.conversations.list.value.reduce((sum, row) => sum + row.unsent, 0);
  const said = ready || connection === "offline" ? t[connection] : "";
  return (
    <section
      aria-label={t.label}
      class={visible && said !== "" ? `connection ${connection}` : "hidden-text"}
    >
      {connection === "offline" && <Icon name="offline" size={16} />}
      <output>{said}</output>
      {connection === "offline" && ready && (
        <span class="connection-help">
          {unsent > 0 ? text().list.unsent(unsent) : t.offlineHelp}
        </span>
      )}
    </section>
  );
}
