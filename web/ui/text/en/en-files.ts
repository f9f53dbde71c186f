import { counted } from "./counts.ts";

const count = (n: number, one: string, other: string): string => counted("en", n, one, other);

export const enFiles = {
  files: {
    attach: "Attach file",
    choose: { photo: "Photo", camera: "Take photo", file: "File" },
    kinds: { image: "Photo", document: "Document", audio: "Audio", voice: "Voice note" },
    voiceOf: (time: string): string => `Voice note, ${time}`,
    audioOf: (name: string, time: string): string => `${name}, ${time}`,
    limit: (size: string): string =>
      `Up to ${size} each: pictures, audio, PDF, text, Word and Excel. No videos.`,
    open: "Open photo",
    load: (size: string): string => `Load photo, ${size}`,
    save: "Save",
    saveName: (name: string): string => `Save ${name}`,
    saved: "Saved on this device",
    notLoaded: "Not loaded: there is no connection.",
    again: "Try again",
    unnamed: "Photo",
    progress: (done: string, total: string): string => `${done} of ${total}`,
    left: (progress: string, time: string): string => `${progress} · ${time} left`,
    waiting: "Waiting to be uploaded",
    offline: "Upload continues when you are online",
    tab: "Keep this tab open until it is sent",
    cancel: (name: string): string => `Cancel upload of ${name}`,
    cancelDownload: (name: string): string => `Stop loading ${name}`,
    drop: (name: string): string => `Drop to send to ${name}`,
    dropHelp: "You can look at it before it is sent.",
    deleteHelp: "The file goes as well.",
    forward: "Forward",
    forwardTitle: "Forward to",
    forwardSearch: "Search conversations",
    forwardNone: "No conversation is called that",
    forwarded: (name: string): string => `Forwarded to ${name}`,
    show: "Show in conversation",
  },

  tray: {
    label: "To be sent",
    looking: "Looking at the file",
    remove: (name: string): string => `Remove ${name}`,
    keepsMetadata: "Keeps what its program noted in it: the author's name and times may be inside.",
    full: "Full quality",
    fullHelp:
      "Sends every pixel and takes longer. Otherwise photos are made smaller. Place and camera are taken out either way.",
    caption: "Add words",
    send: (n: number): string => (n === 1 ? "Send file" : `Send ${count(n, "file", "files")}`),
    tooMany: (n: number): string => `${n} files at a time. The others were left out.`,
    room: (size: string): string =>
      `Files of this conversation have ${size} left. Remove some of these, or delete older files.`,
    tooLarge: (size: string): string =>
      `This file is larger than ${size}, the most that can be sent here. Make it smaller.`,
    failed: "What was not sent is still here.",
    tab: "This browser keeps no copy. Keep this tab open until the files are sent.",
  },

  player: {
    play: "Play",
    pause: "Pause",
    place: "Place in the recording",
    at: (place: string, of: string): string => `${place} of ${of}`,
    times: (speed: string): string => `${speed}×`,
    speed: (times: string): string => `Speed ${times}`,
    failed: "This could not be played. Save it and open it with another program.",
  },

  recorder: {
    record: "Record voice note",
    bar: "Voice note",
    asking: "Allow the microphone in your browser",
    recording: "Recording",
    time: "Recorded",
    /** close to the longest */
    left: (time: string): string => `${time} left`,
    cancel: "Discard recording",
    stop: "Stop",
    send: "Send voice note",
    finishing: "Getting it ready",
    ended: "Five minutes are the most. Your recording is kept: listen to it, then send it.",
    lost: "The microphone was lost. What was recorded is kept.",
    sendFailed: "Your recording is still here.",
    again: "Try again",
    close: "Close",
    name: (when: string): string => `Voice note ${when}`,
  },

  lightbox: {
    name: "Photo",
    place: (n: number, of: number): string => `${n} of ${of}`,
    next: "Next photo",
    previous: "Previous photo",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    from: (name: string, when: string): string => `From ${name}, ${when}`,
    loading: "Photo is loading",
  },

  gallery: {
    link: "Files",
    screen: "Files",
    back: "Back to conversation",
    tabs: { image: "Photos", document: "Documents", audio: "Voice" },
    tabsLabel: "Kind of file",
    empty: {
      image: "No photos yet",
      document: "No documents yet",
      audio: "No voice notes yet",
    },
    emptyHelp: "What the two of you send appears here.",
    more: "Show more",
    older: "Older files appear here when you have scrolled to them in the conversation.",
    offline: "You are offline. What is not on this device can be opened later.",
    failed: "The files could not be listed.",
    count: (n: number): string => count(n, "file", "files"),
    actions: (name: string): string => `Actions for ${name}`,
  },
};
