import { expect, it } from "vitest";
import { isSendKey } from "./send-key.ts";

const enter = {
  key: "Enter",
  keyCode: 13,
  isComposing: false,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
};

it.each([
  ["Enter", {}, [true, false, false]],
  ["Shift+Enter", { shiftKey: true }, [false, false, false]],
  ["Alt+Enter", { altKey: true }, [false, false, false]],
  ["Ctrl+Enter", { ctrlKey: true }, [true, true, true]],
  ["Cmd+Enter", { metaKey: true }, [true, true, true]],
  ["Ctrl+Shift+Enter", { ctrlKey: true, shiftKey: true }, [false, false, false]],
  ["an Enter that ends a composition", { isComposing: true, ctrlKey: true }, [false, false, false]],
  ["the same in Safari", { keyCode: 229 }, [false, false, false]],
  ["another key", { key: "a", ctrlKey: true }, [false, false, false]],
])("%s sends: by default, with the setting off, on glass", (_, change, expected) => {
  const press = { ...enter, ...change };
  const cases: [boolean, boolean][] = [
    [true, false],
    [false, false],
    [true, true],
  ];
  expect(cases.map(([on, glass]) => isSendKey(press, on, glass))).toEqual(expected);
});
