import { useSignal } from "@preact/signals";
import { Button } from "../kit/button.tsx";
import { Icon } from "../kit/icon.tsx";
import { text } from "../text/language.ts";
import { useModels } from "../state/models-context.ts";
import { type DeviceLine, deviceLine, isClosable, stillClosed } from "./device-line.ts";

/**
 * One quiet line about this device itself: that its clock has to be set (T1), that something it stored could not be
 * read (E1), or that another one made room for it (K2). The status is there before it has something to say, for only
 * then is it read out.
 */
export function DeviceNotice() {
  const { store, clockAhead, madeRoom } = useModels().device;
  const closed = useSignal<readonly DeviceLine[]>([]);
  const t = text().device;
  const standing = {
    clockAhead: clockAhead.value,
    health: store.value,
    madeRoom: madeRoom.value,
  };
  const stays = stillClosed(standing, closed.value);
  if (stays.length < closed.value.length) closed.value = stays;
  const line = deviceLine(standing, stays);
  return (
    <section class={line ? "device-notice" : "hidden-text"} aria-label={t.label}>
      {line && <Icon name="info" size={16} />}
      <output>{line && t[line]}</output>
      {line && isClosable(line) && (
        <Button onClick={() => void (closed.value = [...stays, line])}>
          {text().common.close}
        </Button>
      )}
    </section>
  );
}
