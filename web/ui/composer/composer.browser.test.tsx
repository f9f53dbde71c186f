import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Outcome } from "../../app/models.ts";
import { TEXT_LIMIT } from "../../app/view.ts";
import { type Fakes, fakeModels, practitioner } from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { chooseEnterSends } from "../state/enter-sends.ts";
import { Composer } from "./composer.tsx";
import { forgetComposers } from "./composer-state.ts";
import { C1, C2 } from "../../app/ids.test-kit.ts";
import "../styles/composer.css";

let fakes: Fakes;
const box = () => page.getByRole("textbox", { name: "Message" });
const element = () => box().element() as HTMLTextAreaElement;
const sent = () => fakes.calls.filter(([name]) => name === "send").map(([, said]) => said);

/** What a keyboard with an input method does: Enter ends the composition and is not meant for the app. */
const press = (init: KeyboardEventInit): void => {
  element().dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init }),
  );
};

beforeEach(async () => {
  forgetComposers();
  fakes = fakeModels({ me: practitioner });
  await mount(fakes.models, <Composer conversation={C1} />);
});
afterEach(unmount);

describe("keys", () => {
  it("Enter sends and empties the box, which keeps the focus", async () => {
    await userEvent.type(box(), "Half the oats{Enter}");
    expect(sent()).toEqual(["Half the oats"]);
    await expect.element(box()).toHaveValue("");
    await expect.element(box()).toHaveFocus();
  });

  it("Shift+Enter breaks the line", async () => {
    await userEvent.type(box(), "a{Shift>}{Enter}{/Shift}b");
    await expect.element(box()).toHaveValue("a\nb");
    expect(sent()).toEqual([]);
  });

  it("Enter that ends an input method's composition does not send", async () => {
    await userEvent.fill(box(), "にほん");
    press({ isComposing: true });
    press({ keyCode: 229 });
    expect(sent()).toEqual([]);
    press({});
    expect(sent()).toEqual(["にほん"]);
  });

  it("blank text is not sent", async () => {
    await userEvent.type(box(), "   {Enter}");
    expect(sent()).toEqual([]);
    await expect.element(page.getByRole("button", { name: "Send" })).toBeDisabled();
  });
});

describe("with the setting off", () => {
  beforeEach(() => chooseEnterSends(false));
  afterEach(() => {
    chooseEnterSends(true);
    localStorage.removeItem("thyme.enter");
  });

  it("Enter breaks the line, Ctrl+Enter and Cmd+Enter send, and the box says so", async () => {
    await expect.element(box()).toHaveAccessibleDescription(/^Ctrl\+Enter or Cmd\+Enter sends/);
    await userEvent.type(box(), "a{Enter}b");
    await expect.element(box()).toHaveValue("a\nb");
    expect(sent()).toEqual([]);
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await userEvent.type(box(), "c");
    press({ metaKey: true });
    expect(sent()).toEqual(["a\nb", "c"]);
  });
});

describe("a paste", () => {
  const paste = async (html: string, plain: string): Promise<void> => {
    const type = (name: string, text: string) => ({ [name]: new Blob([text], { type: name }) });
    await navigator.clipboard.write([
      new ClipboardItem({ ...type("text/html", html), ...type("text/plain", plain) }),
    ]);
    element().focus();
    await userEvent.keyboard("{Control>}v{/Control}");
  };

  it("is plain text with its line breaks", async () => {
    await paste("<b>Oats</b><br><img src=x>", "Oats\nBeans\n\nRice");
    await expect.element(box()).toHaveValue("Oats\nBeans\n\nRice");
  });

  it("that is too long stays whole, and the limit is said", async () => {
    const long = "x".repeat(TEXT_LIMIT + 500);
    await paste(long, long);
    await expect.poll(() => element().value.length).toBe(TEXT_LIMIT + 500);
    await expect.element(page.getByText(/500 characters too many/)).toBeVisible();
    await expect.element(page.getByRole("button", { name: "Send" })).toBeDisabled();
  });
});

describe("what was written", () => {
  /** A store that answers when it is told to; every message it was asked to take, with its conversation. */
  const slowStore = () => {
    const asked: [string, string][] = [];
    const answers: PromiseWithResolvers<Outcome>[] = [];
    fakes.models.conversation.send = (conversation, { text }) => {
      asked.push([conversation, text]);
      const answer = Promise.withResolvers<Outcome>();
      answers.push(answer);
      return answer.promise;
    };
    const answer = async (outcome: Outcome): Promise<void> => {
      answers.shift()?.resolve(outcome);
      await settled();
    };
    return { asked, answer };
  };
  const taken: Outcome = { ok: true, value: null };
  const refused: Outcome = { ok: false, problem: "storage" };

  it("leaves the box when Send is pressed, and is seen beside it where storing takes its time", async () => {
    const { answer } = slowStore();
    await userEvent.type(box(), "first{Enter}");
    await expect.element(box()).toHaveValue("");
    await expect.element(page.getByRole("listitem")).toHaveTextContent("first");
    await userEvent.type(box(), "second");
    await answer(taken);
    await expect.element(box()).toHaveValue("second");
    await expect.element(box()).toHaveFocus();
    await expect.element(page.getByRole("listitem")).not.toBeInTheDocument();
  });

  it.each([
    ["is the same again", "written offline 1", "written offline 1"],
    ["begins like it", "written offline 1", "written offline 2"],
    ["is its beginning", "written offline 1", "written"],
    ["goes on from it", "written", "written offline 2"],
  ])("takes nothing of a new text that %s, whenever it is stored", async (_, first, second) => {
    const { asked, answer } = slowStore();
    await userEvent.fill(box(), first);
    press({});
    for (const stop of [...second].keys()) {
      await userEvent.fill(box(), second.slice(0, stop + 1));
      if (stop === 3) await answer(taken);
    }
    await expect.element(box()).toHaveValue(second);
    press({});
    await answer(taken);
    expect(asked.map(([, text]) => text)).toEqual([first, second]);
    await expect.element(box()).toHaveValue("");
  });

  it("is in the box again when it could not be stored, before what was typed meanwhile", async () => {
    const { answer } = slowStore();
    await userEvent.type(box(), "first{Enter}second");
    await answer(refused);
    await expect.element(page.getByRole("alert")).toHaveTextContent("does not let Thyme keep");
    await expect.element(box()).toHaveValue("first\nsecond");
    expect(fakes.drafts.get(C1)).toBe("first\nsecond");
  });

  it("is sent once, however often one presses, and what is written behind it goes next", async () => {
    const { asked, answer } = slowStore();
    await userEvent.type(box(), "first{Enter}{Enter}");
    // There is nothing to send, and its place is a voice note's.
    await expect.element(page.getByRole("button", { name: "Send" })).not.toBeInTheDocument();
    await userEvent.type(box(), "second{Enter}third");
    expect(asked).toEqual([[C1, "first"]]);
    await answer(taken);
    await expect.element(box()).toHaveValue("third");
    expect(asked.slice(1)).toEqual([[C1, "second"]]);
    await answer(taken);
    await expect.element(box()).toHaveValue("third");
    expect(asked).toHaveLength(2);
  });

  it("is not overtaken: what waits behind one that could not be stored stays in the box", async () => {
    const { asked, answer } = slowStore();
    await userEvent.type(box(), "first{Enter}second{Enter}");
    await answer(refused);
    expect(asked).toEqual([[C1, "first"]]);
    await expect.element(box()).toHaveValue("first\nsecond");
  });

  it("is sent as it was when Send was pressed, whatever is done to it meanwhile", async () => {
    const { asked, answer } = slowStore();
    await userEvent.type(box(), "first{Enter}{Backspace}");
    await answer(taken);
    await expect.element(box()).toHaveValue("");
    await userEvent.fill(box(), "one");
    press({});
    await userEvent.fill(box(), "another");
    await answer(taken);
    await expect.element(box()).toHaveValue("another");
    expect(asked.map(([, text]) => text)).toEqual(["first", "one"]);
  });

  it("goes to the conversation in which it was written, though another one is opened meanwhile", async () => {
    const { asked, answer } = slowStore();
    await userEvent.type(box(), "first{Enter}second{Enter}");
    await mount(fakes.models, <Composer conversation={C2} />);
    await answer(taken);
    await mount(fakes.models, <Composer conversation={C1} />);
    await expect.element(box()).toHaveValue("");
    await answer(taken);
    await expect.element(box()).toHaveValue("");
    expect(asked).toEqual([
      [C1, "first"],
      [C1, "second"],
    ]);
  });

  it("waits in the box of its conversation while another one is open", async () => {
    await userEvent.fill(box(), "half a sentence");
    await mount(fakes.models, <Composer conversation={C2} />);
    await expect.element(box()).toHaveValue("");
    await mount(fakes.models, <Composer conversation={C1} />);
    await expect.element(box()).toHaveValue("half a sentence");
  });
});

describe("a draft of an earlier start", () => {
  const startAnew = async (): Promise<void> => {
    forgetComposers();
    await mount(fakes.models, <Composer conversation={C1} />);
  };

  it("comes back into the box, and what is typed is kept for the next start", async () => {
    fakes.drafts.set(C1, "I began");
    await startAnew();
    await expect.element(box()).toHaveValue("I began");
    await userEvent.type(box(), " again");
    expect(fakes.drafts.get(C1)).toBe("I began again");
  });
});

describe("K9: a draft that another device went on with", () => {
  const offer = (text: string, before: string): void => {
    fakes.draftOffer.value = { conversation: C1, text, at: Date.now(), before };
  };

  it("appears at once in a box in which nobody types, and is typed on from there", async () => {
    offer("from the phone", "");
    await expect.element(box()).toHaveValue("from the phone");
    await userEvent.type(box(), " and here");
    expect(fakes.drafts.get(C1)).toBe("from the phone and here");
  });

  it("is not given back as typed here: the tab that it is from may have sent it since", async () => {
    fakes.drafts.clear();
    offer("from another tab", "");
    await expect.element(box()).toHaveValue("from another tab");
    await settled();
    expect(fakes.drafts.get(C1)).toBeUndefined();
  });

  it("waits while one types, and nothing that was typed is lost", async () => {
    await userEvent.type(box(), "typed here");
    offer("from the phone", "");
    await settled();
    await expect.element(box()).toHaveValue("typed here");
    await expect.element(box(), { timeout: 5_000 }).toHaveValue("from the phone\ntyped here");
    expect(fakes.drafts.get(C1)).toBe("from the phone\ntyped here");
  });

  it("is not taken for empty where only its version comes before what is kept", async () => {
    const kept = Promise.withResolvers<{ text: string; at: number }>();
    forgetComposers();
    fakes.drafts.clear();
    fakes.models.conversation.draftOf = () => kept.promise;
    await mount(fakes.models, <Composer conversation={C1} />);
    fakes.draftOffer.value = { conversation: C1, text: "I began", at: 7, before: "I began" };
    await settled();
    expect(fakes.drafts.get(C1)).toBeUndefined();
    kept.resolve({ text: "I began", at: 7 });
    await expect.element(box()).toHaveValue("I began");
  });

  it("goes when it was sent there", async () => {
    offer("from the phone", "");
    await expect.element(box()).toHaveValue("from the phone");
    offer("", "from the phone");
    await expect.element(box()).toHaveValue("");
  });

  it("is not shown again by a box that opens later: the engine knows what became of it", async () => {
    offer("from the phone", "");
    await expect.element(box()).toHaveValue("from the phone");
    forgetComposers();
    fakes.drafts.set(C1, "something newer");
    await mount(fakes.models, <Composer conversation={C1} />);
    await settled();
    await expect.element(box()).toHaveValue("something newer");
  });

  it("of another conversation is none of this one's business", async () => {
    fakes.draftOffer.value = { conversation: C2, text: "elsewhere", at: 1, before: "" };
    await settled();
    await expect.element(box()).toHaveValue("");
  });
});

describe("the limit", () => {
  it("is announced early and stops the sending, not the typing", async () => {
    await userEvent.fill(box(), "x".repeat(TEXT_LIMIT - 3));
    await expect.element(page.getByText("3 characters left")).toBeVisible();
    await userEvent.fill(box(), "x".repeat(TEXT_LIMIT + 2));
    await expect.element(page.getByText(/2 characters too many/)).toBeVisible();
    press({});
    expect(sent()).toEqual([]);
    await expect.element(page.getByRole("button", { name: "Send" })).toBeDisabled();
    await expect.element(box()).toHaveAttribute("aria-invalid", "true");
  });
});

it("grows with the text up to eight lines", async () => {
  const heights: number[] = [];
  for (const lines of [1, 2, 8, 30]) {
    await userEvent.fill(box(), Array.from({ length: lines }, () => "line").join("\n"));
    await settled();
    heights.push(element().getBoundingClientRect().height);
  }
  const [one = 0, two = 0, eight = 0, thirty = 0] = heights;
  expect(two - one).toBe(24);
  expect(eight - one).toBe(7 * 24);
  expect(thirty).toBe(eight);
});
