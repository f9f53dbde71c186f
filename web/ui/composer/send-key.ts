interface Press {
  readonly key: string;
  readonly keyCode: number;
  readonly isComposing: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Whether this key-press sends what stands in the composer. */
export function isSendKey(press: Press, enterSends: boolean, glass: boolean): boolean {
  // 229: Safari ends a composition before it tells of the Enter that ended it.
  if (press.key !== "Enter" || press.isComposing || press.keyCode === 229) return false;
  if (press.shiftKey || press.altKey) return false;
  // A browser does nothing by itself with Ctrl or Cmd and Enter: it can always mean "send".
  return press.ctrlKey || press.metaKey || (enterSends && !glass);
}
