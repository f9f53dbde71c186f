import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface BannerProps {
  readonly kind?: "info" | "notice" | "danger";
  readonly icon?: IconName;
  /** Read out when it appears: for what a person did not ask for. */
  readonly alert?: boolean;
  readonly children: ComponentChildren;
}

export function Banner({ kind = "info", icon = "info", alert = false, children }: BannerProps) {
  return (
    <div class={`banner ${kind}`} role={alert ? "alert" : undefined}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
