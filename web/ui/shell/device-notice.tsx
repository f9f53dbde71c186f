import { useSignal } from "@preact/signals";
import { Button } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import { useModels } from "../state/models-context.ts";

/**
 * One quiet line about this device itself: that its clock has to be set (T1), or that something it stored could not be
 * read (E1). The status is there before it has something to say, for only then is it read out.
 */
export function DeviceNotice() {
  const { store, clockAhead } = useModels().device;
  const dismissed = useSignal(false);
  const t = text().device;
  const health = store.value;
  if (health === "mending") dismissed.value = false;
  const said = clockAhead.value ? t.setClock : health === "whole" ? "" : t[health];
  const isShown = said !== "" && (clockAhead.value || !dismissed.value);
  return (
    <section class={isShown ? "device-notice" : "hidden-text"} aria-label={t.label}>
      {isShown && <Icon name="info" size={16} />}
      <output>{isShown && said}</output>
      {isShown && !clockAhead.value && health === "mended" && (
        <Button onClick={() => void (dismissed.value = true)}>{text().common.close}</Button>
      )}
    </section>
  );
}
