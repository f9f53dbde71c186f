/** What edits and deletions make of what is shown (M5). */
export const enEffects = {
  effects: {
    /** in place of the last message of a conversation in the list */
    previewDeleted: "Message deleted",
  },
};
