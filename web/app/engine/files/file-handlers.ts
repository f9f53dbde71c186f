import type { CommandHandlers } from "../../rpc.ts";

type Names =
  | "fileLimits"
  | "inspectFile"
  | "sendFile"
  | "forwardFile"
  | "openFile"
  | "leaveFile"
  | "files";
export type Files = Pick<CommandHandlers, Names>;

/** What a person does with files; all of it is fetched when it is first asked for. */
export const fileHandlers = (files: () => Promise<Files>): Files => ({
  fileLimits: async (conversation) => (await files()).fileLimits(conversation),
  inspectFile: async (input) => (await files()).inspectFile(input),
  sendFile: async (input) => (await files()).sendFile(input),
  forwardFile: async (input) => (await files()).forwardFile(input),
  openFile: async (input) => (await files()).openFile(input),
  leaveFile: async (id) => (await files()).leaveFile(id),
  files: async (input) => (await files()).files(input),
});
