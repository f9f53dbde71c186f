export const enActions = {
  actions: {
    name: "Message actions",
    reply: "Reply",
    edit: "Edit",
    delete: "Delete for everyone",
    react: "React",
    copy: "Copy text",
    copied: "Copied",
    copyRefused: "This browser does not allow copying.",
    deleteTitle: "Delete this message?",
    deleteHelp:
      "It is removed for both of you, on every device. That you deleted a message, and when, stays visible. What the other person has read or copied already cannot be taken back.",
  },

  target: {
    replyTo: (name: string): string => `Reply to ${name}`,
    replyToOwn: "Reply to your message",
    cancelReply: "Cancel reply",
    editing: "Edit message",
    cancelEdit: "Cancel edit",
    save: "Save",
    editFailed: "Your text is still in the box.",
    gone: {
      reply: "The message you were answering was deleted. Your text is still in the box.",
      edit: "The message you were changing was deleted. Your text is in the box, as a new message.",
      unchanged: "The message you were changing was deleted.",
    },
  },

  quote: {
    answers: "In reply to",
    deleted: "A deleted message",
    elsewhere: "An earlier message",
  },

  change: {
    edited: "edited",
    editedAt: (when: string): string => `Edited on ${when}`,
    waiting: {
      edit: "Your edit waits to be sent",
      deletion: "Waits to be deleted",
      reaction: "Your reaction waits to be sent",
    },
    failed: {
      edit: "Your edit was not sent.",
      deletion: "The message was not deleted.",
      reaction: "Your reaction was not sent.",
    },
  },

  reactions: {
    from: (shown: string, names: string): string => `${shown} from ${names}`,
    you: "you",
    more: "More emoji",
    quick: {
      "👍": "Thumbs up",
      "❤️": "Heart",
      "😂": "Laughing",
      "😮": "Surprised",
      "😢": "Sad",
      "🙏": "Thank you",
    },
  },

  emoji: {
    name: "Emoji",
    search: "Search emoji",
    recent: "Recently used",
    found: "Found",
    none: "No emoji is called that",
    missing: "The emoji could not be loaded. Look at your connection and try again.",
  },

  messageShortcuts: {
    title: "In a conversation",
    move: "Move between messages",
    open: "Message actions",
    reply: "Reply",
    edit: "Edit",
    back: "Back to writing",
    editLast: "Edit your last message, when the box is empty",
    menu: "Menu",
  },
};
