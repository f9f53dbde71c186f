import { text } from "../text/language.ts";
import { Icon } from "./icon.tsx";

export function Brand() {
  return (
    <span class="brand">
      <Icon name="thyme" size={22} />
      {text().app}
    </span>
  );
}
