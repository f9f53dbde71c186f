import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { persistence, requestPersistence } from "../../app/kept-storage.ts";
import { Button } from "../kit/button.tsx";
import { text } from "../text/language.ts";

type State = "hidden" | "asks" | "asking" | "kept" | "refused";

/** Where the browser would ask the person whether data may stay, it asks after this has said what for. */
export function KeptStorage() {
  const state = useSignal<State>("hidden");
  const t = text().storage;

  useEffect(() => {
    void persistence().then((stands) => {
      if (stands === "asks") state.value = "asks";
    });
  }, []);

  const ask = async (): Promise<void> => {
    state.value = "asking";
    state.value = (await requestPersistence()) ? "kept" : "refused";
  };

  const now = state.value;
  if (now === "hidden") return null;
  return (
    <section>
      <h2>{t.title}</h2>
      <div class="card">
        <p>{t.help}</p>
        {now !== "kept" && (
          <div class="actions">
            <Button busy={now === "asking"} onClick={() => void ask()}>
              {t.keep}
            </Button>
          </div>
        )}
        <output>{now === "kept" ? t.kept : now === "refused" ? t.refused : ""}</output>
      </div>
    </section>
  );
}
