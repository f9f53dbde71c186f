import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../text/language.ts";
import { IconButton } from "./button.tsx";
import "../styles/dialog.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/**
 * A native modal dialog, open for as long as it is rendered. The browser keeps the focus inside; Escape and the
 * close button call `onClose`. A click beside it does nothing, so that nothing typed is lost by a slip.
 */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close();
      // Where the dialog is taken out of the document at once, the browser returns the focus to nothing.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  useEffect(() => {
    const heading = dialog.current?.querySelector<HTMLElement>("h2");
    // Without a field of its own the dialog starts at its title, not at the close button.
    if (document.activeElement?.classList.contains("icon-button")) heading?.focus();
  }, []);

  return (
    <dialog
      ref={dialog}
      class={wide ? "dialog wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        <IconButton icon="close" label={text().common.close} onClick={onClose} />
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
