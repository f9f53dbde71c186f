import { idBytes, templateIdText } from "../../../../workers/protocol/ids.ts";
import {
  type TemplateChange,
  fitsTemplates,
  withTemplateChange,
} from "../../../core/private-state/templates.ts";
import type { CommandHandlers } from "../../rpc.ts";
import type { TemplateView } from "../../drafts-view.ts";
import type { Deps } from "../store/deps.ts";
import type { PrivateRecords } from "./private-records.ts";
import { CommandProblem } from "../store/problem-of.ts";

/** The account's templates in its private state (K9). */
export interface Templates {
  /** Resolves when the server has it; what another device changed meanwhile stays. Throws CommandProblem `too_long`. */
  change(change: TemplateChange): Promise<void>;
  /** After the private records were fetched: shows what other devices changed. */
  show(): void;
}

export function createTemplates(
  privateRecords: PrivateRecords,
  emit: (templates: readonly TemplateView[]) => void,
): Templates {
  const held = () => privateRecords.find("templates", () => true)?.list ?? [];
  let shown: string | null = null;

  const show = (): void => {
    const views = held().map(({ id, name, text }) => ({ id: templateIdText(id), name, text }));
    const next = JSON.stringify(views);
    if (next === shown) return;
    shown = next;
    emit(views);
  };

  return {
    show,
    async change(change) {
      await privateRecords.put(() => {
        const list = withTemplateChange(held(), change);
        if (change.type === "save" && !fitsTemplates(list)) throw new CommandProblem("too_long");
        return { kind: "templates", list: [...list] };
      });
      show();
    },
  };
}

/** The engine's side of the commands that change templates. */
export const templateHandlers = (
  { suite }: Pick<Deps, "suite">,
  templates: () => Templates,
): Pick<CommandHandlers, "saveTemplate" | "removeTemplate"> => ({
  async saveTemplate({ id, name, text }) {
    const template = {
      id: id === null ? suite.random.bytes(16) : idBytes(id),
      name: name.trim(),
      text: text.trim(),
    };
    await templates().change({ type: "save", template });
    return null;
  },
  async removeTemplate(id) {
    await templates().change({ type: "remove", id: idBytes(id) });
    return null;
  },
});
