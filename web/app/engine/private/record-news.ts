import type { PrivateRecords } from "./private-records.ts";
import { reportUnexpected } from "../store/problem-of.ts";

/** What another device writes comes in bursts: one archive of many conversations is as many records. */
const GATHER_MS = 300;
/** More than these are fetched as pages. */
const SINGLY = 8;

export interface RecordNews {
  tell(name: string, version: number): void;
  close(): void;
}

/** K9: fetches records that another device of the account wrote, together; `adopt` then takes them over. */
export function followRecords(
  records: Pick<PrivateRecords, "holds" | "syncSome" | "sync">,
  adopt: () => Promise<void>,
): RecordNews {
  const news = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const fetchNews = async (): Promise<void> => {
    // This device's own writes are announced as well.
    const names = [...news].flatMap(([name, version]) =>
      records.holds(name, version) ? [] : [name],
    );
    news.clear();
    if (names.length === 0) return;
    await (names.length > SINGLY ? records.sync() : records.syncSome(names));
    await adopt();
  };

  return {
    tell(name, version) {
      news.set(name, Math.max(version, news.get(name) ?? 0));
      timer ??= setTimeout(() => {
        timer = undefined;
        // What fails now comes with the next connection's snapshot.
        fetchNews().catch(reportUnexpected);
      }, GATHER_MS);
    },
    close: () => clearTimeout(timer),
  };
}
