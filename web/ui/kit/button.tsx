import type { ComponentChildren, Ref, TargetedMouseEvent } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps {
  readonly children: ComponentChildren;
  /** Its accessible name, where the words on it say too little away from what is around it. */
  readonly label?: string;
  readonly kind?: "primary" | "secondary" | "plain" | "danger";
  readonly type?: "button" | "submit";
  readonly icon?: IconName;
  readonly large?: boolean;
  readonly wide?: boolean;
  /** Something is under way: the button keeps its place and its focus, and does nothing more. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly onClick?: () => void;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

export function Button({
  children,
  label,
  kind = "secondary",
  type = "button",
  icon,
  large = false,
  wide = false,
  busy = false,
  disabled = false,
  onClick,
  buttonRef,
}: ButtonProps) {
  const names = ["button", kind, large && "large", wide && "wide"].filter(Boolean);
  return (
    <button
      ref={buttonRef ?? null}
      type={type}
      class={names.join(" ")}
      disabled={disabled}
      aria-label={label}
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
  /** It opens a menu, or what `popup` says, which is open or not. */
  readonly expanded?: boolean;
  readonly popup?: "menu" | "listbox";
  readonly onClick: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  readonly class?: string;
}

/** A button without words on it: its name is its tooltip as well. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, primary, expanded, popup = "menu", onClick, class: extra } = props;
  const names = ["icon-button", primary && "primary", extra].filter(Boolean);
  return (
    <button
      type="button"
      class={names.join(" ")}
      aria-label={label}
      aria-haspopup={expanded === undefined ? undefined : popup}
      aria-expanded={expanded}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
