/** Hands a file to the browser's downloads, under its own name. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on it by then; WebKit takes a moment.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
