import { ProtocolError } from "../protocol/errors.ts";
import type { Routes } from "../http/route.ts";

const later = (): Promise<never> => Promise.reject(new ProtocolError("unavailable", "files"));

/** Handlers of this folder. */
export const routes = {
  beginUpload: later,
  uploadPart: later,
  finishUpload: later,
  cancelUpload: later,
  blob: later,
  storage: later,
} satisfies Routes;
