import { Button } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import { useModels } from "../state/models-context.ts";

/**
 * Says that a newer Thyme is ready. The person chooses when it comes, so that it interrupts nobody who is writing.
 * The status is there before it has something to say, for only then is it read out.
 */
export function NewBuild() {
  const { newer, reload } = useModels().build;
  const ready = newer.value;
  const t = text().build;
  return (
    <section class={ready ? "new-build" : "hidden-text"} aria-label={ready ? t.newer : undefined}>
      {ready && <Icon name="info" size={16} />}
      <output>
        {ready && <strong>{t.newer}</strong>} {ready && t.kept}
      </output>
      {ready && <Button onClick={reload}>{t.reload}</Button>}
    </section>
  );
}
