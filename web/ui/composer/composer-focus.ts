/** The box on screen, so that the keyboard finds its way back to it from the messages. */
let box: HTMLElement | null = null;

export function holdComposer(element: HTMLElement | null): void {
  box = element;
}

/** Whether there is one. */
export function focusComposer(): boolean {
  box?.focus({ preventScroll: true });
  return box !== null;
}
