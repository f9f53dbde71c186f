import { useLocation } from "preact-iso";
import { Brand } from "../kit/brand.tsx";

/** The frame of the app before anything is known: where things will be, and nothing that moves. */
export function EmptyShell() {
  const { path } = useLocation();
  const hasTwoPanes = path === "/" || path.startsWith("/c/");
  return (
    <main class={hasTwoPanes ? "empty-shell two-panes-like" : "empty-shell"} aria-busy="true">
      <h1 class="empty-bar">
        <Brand />
      </h1>
    </main>
  );
}
