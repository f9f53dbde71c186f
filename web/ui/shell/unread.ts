import { useEffect } from "preact/hooks";
import { unreadInTitle } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";

/** The number on the app's icon, where the system has one for it. */
function showBadge(count: number): void {
  if (!("setAppBadge" in navigator)) return;
  // A browser refuses it where the app is not installed.
  const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  done.catch(() => undefined);
}

/** How many messages wait to be read, on the app's icon and in the window's title. */
export function useUnread(): void {
  const { app, conversations } = useModels();
  const ready = app.value.phase === "ready";
  const rows = ready ? conversations.list.value : [];
  // A muted conversation asks for nobody's attention.
  const count = rows.reduce((sum, row) => sum + (row.muted ? 0 : row.unread), 0);
  // Before the local store was read nothing is known: the icon keeps what it shows.
  const known = app.value.phase === "signed-out" || (ready && conversations.loaded.value);
  useEffect(() => {
    if (!known) return;
    unreadInTitle.value = count;
    showBadge(count);
  }, [known, count]);
}
