import { counted } from "./counts.ts";

const count = (n: number, one: string, other: string): string => counted("en", n, one, other);

export const enDrafts = {
  mutes: {
    hour: "For 1 hour",
    tomorrow: "Until tomorrow, 8:00",
    week: "For one week",
    always: "Always",
    until: (when: string): string => `Muted until ${when}`,
  },

  drafts: {
    draft: "Draft:",
  },

  writing: {
    setting: "Enter sends",
    settingHelp:
      "Shift+Enter starts a new line. Switched off, Enter starts a new line and Ctrl+Enter (Cmd+Enter on a Mac) sends. On a touch keyboard Enter always starts a new line.",
    send: "Send the message",
    newLine: "New line",
    hintEnter: "Enter sends, Shift+Enter starts a new line.",
    hintControl: "Ctrl+Enter or Cmd+Enter sends, Enter starts a new line.",
    control: "Ctrl+Enter",
    command: "Cmd+Enter",
    shift: "Shift+Enter",
    templates: "Choose a template, in an empty message",
  },

  templates: {
    title: "Templates",
    help: "Texts that you write often. Choose them in a message with the button “Templates”, or type / in an empty message.",
    none: "No templates yet",
    noneHelp: "Write a text once and use it in every conversation.",
    add: "New template",
    edit: "Edit",
    editNamed: (name: string): string => `Edit ${name}`,
    remove: "Remove",
    removeNamed: (name: string): string => `Remove ${name}`,
    removeTitle: (name: string): string => `Remove “${name}”?`,
    removeHelp: "It goes from all your devices. Messages that you wrote with it stay as they are.",
    name: "Name",
    nameHint: "How you find it, for example “Food diary”.",
    nameMissing: "Write a name to go on.",
    nameLong: (most: number): string => `A name has ${most} characters at most.`,
    text: "Text",
    textHint: (name: string, date: string, me: string): string =>
      `Thyme fills in ${name} (the patient), ${date} (today) and ${me} (you). Any other word in braces waits for you to fill it in.`,
    textMissing: "Write a text to go on.",
    left: (n: number): string => count(n, "character left", "characters left"),
    over: (n: number): string =>
      `${count(n, "character", "characters")} too many. Shorten the text.`,
    noRoom: "There is no room for more text in your templates. Shorten or remove one.",
    used: (n: number, most: number): string => `${n} of ${count(most, "template", "templates")}`,
    full: "That is as many as there can be. Remove one to add another.",
    save: "Save",
    find: "Find a template",
    noMatch: "No template has such a name",
    manage: "Edit templates",
    /** between braces in a template */
    placeholders: { name: "name", date: "date", me: "me" },
  },
};
