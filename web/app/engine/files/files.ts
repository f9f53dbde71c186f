import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import type { Files } from "./file-handlers.ts";

export function createFiles(): Files {
  const none = () => Promise.reject(new ProtocolError("unavailable"));
  return {
    fileLimits: none,
    inspectFile: none,
    sendFile: none,
    forwardFile: none,
    openFile: none,
    leaveFile: none,
    files: none,
  };
}
