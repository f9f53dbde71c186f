export const enReceipts = {
  activity: {
    typing: (name: string): string => `${name} is typing`,
    /** several people */
    typingMany: (names: string): string => `${names} are typing`,
    online: "Online",
    /** `when`: "today at 14:05", or a date */
    lastSeen: (when: string): string => `Last seen ${when}`,
    at: (day: string, time: string): string => `${day} at ${time}`,
    read: (when: string): string => `Read ${when}`,
    readAt: (time: string): string => `Read at ${time}`,
  },
  preferences: {
    receipts: "Read receipts",
    receiptsHelp: "The other person sees when you have read a message, and you see it of them.",
    typing: "Typing",
    typingHelp: "The other person sees while you are writing, and you see it of them.",
    presence: "Online and last seen",
    presenceHelp:
      "The other person sees when you have your conversation with them open, and you see it of them. Nobody sees when you use Thyme otherwise.",
  },
};
