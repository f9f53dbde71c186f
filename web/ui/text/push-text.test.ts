import { expect, test } from "vitest";
import { PUSH_TEXT } from "../../../workers/protocol/notifications/push-payload.ts";
import { en } from "./en/en.ts";
import { es } from "./es/es.ts";

test("N1 a push says what the catalogue says, in each language", () => {
  for (const [language, { app, push }] of Object.entries({ en, es })) {
    expect({ language, title: app, ...push }).toEqual({
      language,
      ...PUSH_TEXT[language as keyof typeof PUSH_TEXT],
    });
  }
});
