import { lazily } from "../../../platform/lazily.ts";
import { createTurns } from "../../../platform/turns.ts";
import type { Deps } from "../store/deps.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";
import type { Standing } from "./own-manifest.ts";

export type NewStanding = Exclude<Standing, { readonly standing: "unchanged" }>;

const ownManifest = lazily(() => import("./own-manifest.ts"));

/**
 * K3: looks at the own account's newest manifest, at each start and whenever one is told of. The result looks once,
 * and resolves with whether this device goes on as it is; a look that failed leaves it as it was until the next.
 */
export function watchStanding(
  deps: Deps,
  me: Identity,
  directory: Directory,
  changed: (standing: NewStanding) => Promise<void>,
): () => Promise<boolean> {
  const turns = createTurns();
  const look = async (): Promise<boolean> => {
    const { ownStanding } = await ownManifest();
    const now = await ownStanding(deps, me, directory);
    if (now.standing === "unchanged") return true;
    await changed(now);
    return false;
  };
  return () =>
    turns.write(look).catch((error: unknown) => {
      reportUnexpected(error);
      return true;
    });
}
