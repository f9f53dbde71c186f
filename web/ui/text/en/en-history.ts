export const enHistory = {
  history: {
    jumpToDate: "Jump to date",
    date: "Date",
    show: "Show",
    seeking: "Older messages are being fetched",
    /** for a screen reader: only part of a long history is in the document */
    extent: (from: string, to: string): string =>
      `Messages from ${from} to ${to}. More are loaded as you go up or down.`,
  },
};
