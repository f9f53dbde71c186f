import { useLocation } from "preact-iso";
import { Brand } from "../kit/brand.tsx";

/** The frame of the app before anything is known: where things will be, and nothing that moves. */
export function EmptyShell() {
  const { path } = useLocation();
  const workspace = path === "/" || path.startsWith("/c/");
  return (
    <main class={workspace ? "empty-shell workspace-like" : "empty-shell"} aria-busy="true">
      <h1 class="empty-bar">
        <Brand />
      </h1>
    </main>
  );
}
