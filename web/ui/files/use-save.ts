import { useModels } from "../state/models-context.ts";
import { useAction } from "../kit/use-action.ts";
import { openFile } from "./opened.ts";
import { saveFile } from "./save-file.ts";
import type { ShownFile } from "./shown-file.ts";

/** Fetches a file, unless it is here, and saves it on this device. */
export function useSave(file: ShownFile) {
  const { files } = useModels();
  const { busy, failure, run } = useAction();
  return {
    busy: busy.value,
    failure: failure.value,
    async save(): Promise<void> {
      const got = await run(() => openFile(files, file));
      if (got) saveFile(got.value, file.file.name);
    },
  };
}
