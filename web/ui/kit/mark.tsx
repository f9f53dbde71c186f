import { Icon, type IconName } from "./icon.tsx";

/** A large sign above the title of a page that has little else on it. */
export function Mark({ icon }: { icon: IconName }) {
  return (
    <span class="mark">
      <Icon name={icon} size={40} />
    </span>
  );
}
