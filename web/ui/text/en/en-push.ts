/** What a notification says; the server sends the same words, sealed for the device (N1). */
export const enPush = {
  push: {
    message: "You have a new message",
    test: "Notifications reach this device",
  },
};
