import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Models } from "../../app/models.ts";

export const ModelsContext = createContext<Models | null>(null);

export function useModels(): Models {
  const models = useContext(ModelsContext);
  if (models === null) throw new Error("useModels() outside of <App>");
  return models;
}
