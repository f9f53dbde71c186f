/** Files that come by paste or drop. */

/** What a paste brings as files. A text that comes with a picture of itself, as from a table, is a text. */
export function pastedFiles({ clipboardData }: ClipboardEvent): readonly File[] {
  if (!clipboardData || clipboardData.types.includes("text/plain")) return [];
  return [...clipboardData.files];
}

export const bringsFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes("Files") ?? false;

/** A folder comes as a file of no type and no readable content. */
export function droppedFiles({ dataTransfer }: DragEvent): readonly File[] {
  const items = [...(dataTransfer?.items ?? [])];
  return items.flatMap((item) => {
    const isFolder = item.webkitGetAsEntry()?.isDirectory ?? false;
    const file = isFolder ? null : item.getAsFile();
    return file ? [file] : [];
  });
}

/** A file that is dropped beside its aim opens nothing: the browser would leave the page for it. */
export function keepPageFromDrops(): () => void {
  const refuse = (event: DragEvent): void => {
    if (event.defaultPrevented || !bringsFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "none";
  };
  addEventListener("dragover", refuse);
  addEventListener("drop", refuse);
  return () => {
    removeEventListener("dragover", refuse);
    removeEventListener("drop", refuse);
  };
}
