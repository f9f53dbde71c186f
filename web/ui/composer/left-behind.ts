/**
 * What of the box is not in the message that was taken from its beginning. While it was being stored one could type
 * on, take letters away, or write something else: what was only shortened is sent whole, what is new stays.
 */
export function leftBehind(box: string, message: string): string {
  if (box.startsWith(message)) return box.slice(message.length);
  return message.startsWith(box) ? "" : box;
}
