import type { Language } from "./language.ts";

export type NoticeText = readonly {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}[];

/** The privacy notice, loaded only when somebody reads it. */
export async function loadNotice(language: Language): Promise<NoticeText> {
  switch (language) {
    case "en":
      return (await import("./notice-en.ts")).noticeEn;
    case "es":
      return (await import("./notice-es.ts")).noticeEs;
  }
}
