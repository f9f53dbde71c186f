import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildIfStale } from "../../../scripts/build/build.mjs";
import { migrateLocal } from "../../../scripts/local/worker-process.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** A storage folder with the migrations applied: every server starts from a copy. */
    emptyStorage: string;
  }
}

export default function setup(project: TestProject): () => void {
  if (!buildIfStale()) throw new Error("The client could not be built.");
  const emptyStorage = mkdtempSync(join(tmpdir(), "thyme-empty-"));
  migrateLocal(emptyStorage);
  project.provide("emptyStorage", emptyStorage);
  return () => rmSync(emptyStorage, { recursive: true, force: true });
}
