/** Puts a text in place of a stretch of the box, as if it were typed: Ctrl+Z takes it back. */
export function insertText(box: HTMLTextAreaElement, text: string, from: number, to: number): void {
  box.focus();
  box.setSelectionRange(from, to);
  // Deprecated, and the one way of which the browser's own undo knows.
  if (document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, from, to, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
