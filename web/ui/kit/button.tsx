import type { ComponentChildren, Ref } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "secondary" | "plain" | "danger";
  readonly type?: "button" | "submit";
  readonly icon?: IconName;
  readonly large?: boolean;
  readonly wide?: boolean;
  /** Something is under way: the button keeps its place and its focus, and does nothing more. */
  readonly busy?: boolean;
  readonly onClick?: () => void;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

export function Button({
  children,
  kind = "secondary",
  type = "button",
  icon,
  large = false,
  wide = false,
  busy = false,
  onClick,
  buttonRef,
}: ButtonProps) {
  const names = ["button", kind, large && "large", wide && "wide"].filter(Boolean);
  return (
    <button
      ref={buttonRef ?? null}
      type={type}
      class={names.join(" ")}
      aria-disabled={busy ? "true" : undefined}
      onClick={(event) => {
        if (!busy) onClick?.();
        else event.preventDefault();
      }}
    >
      {icon && <Icon name={icon} size={18} />}
      {children}
      {busy && <span class="busy" aria-hidden="true" />}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly primary?: boolean;
  readonly onClick: () => void;
  readonly class?: string;
}

/** A button without words on it: its name is its tooltip as well. */
export function IconButton({ icon, label, primary, onClick, class: extra }: IconButtonProps) {
  const names = ["icon-button", primary && "primary", extra].filter(Boolean);
  return (
    <button
      type="button"
      class={names.join(" ")}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
