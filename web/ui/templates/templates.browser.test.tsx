import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { TEMPLATES_LIMIT } from "../../app/drafts-view.ts";
import { Composer } from "../composer/composer.tsx";
import { forgetComposers } from "../composer/composer-state.ts";
import { type Fakes, details, fakeModels, patient, practitioner } from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { TemplatesSection } from "./templates-section.tsx";
import { C1, templateNamed } from "../../app/ids.test-kit.ts";
import "../styles/composer.css";

let fakes: Fakes;
const box = () => page.getByRole("textbox", { name: "Message" });
const element = () => box().element() as HTMLTextAreaElement;
const field = () => page.getByRole("combobox", { name: "Find a template" });
const button = () => page.getByRole("button", { name: "Templates" });
const option = (name: string | RegExp) => page.getByRole("option", { name });
const selected = (): string => {
  const { value, selectionStart, selectionEnd } = element();
  return value.slice(selectionStart, selectionEnd);
};

beforeEach(() => {
  forgetComposers();
  fakes = fakeModels({ me: practitioner });
  fakes.templates.value = [
    { id: templateNamed("t1"), name: "Greeting", text: "Good morning {name}, {me}" },
    { id: templateNamed("t2"), name: "Food diary", text: "Please write down {meal}\nuntil {day}." },
    { id: templateNamed("t3"), name: "Día de fruta", text: "Fruit on {unknown}" },
  ];
  fakes.details.value = details({ title: "Ana M. (private)" });
});
afterEach(unmount);

describe("in the composer of a practitioner", () => {
  beforeEach(async () => {
    // The list opens upwards.
    await mount(
      fakes.models,
      <div style={{ paddingBlockStart: "400px" }}>
        <Composer conversation={C1} />
      </div>,
    );
  });

  it("a slash in an empty box opens the list, and what is chosen takes its place", async () => {
    await userEvent.type(box(), "/");
    await expect.element(field()).toHaveFocus();
    await userEvent.keyboard("gre{Enter}");
    // The other's own name: a label is for nobody else's eyes.
    await expect.element(box()).toHaveValue("Good morning Ana Morales, Dr. Sofía Herrera");
    await expect.element(box()).toHaveFocus();
    await expect.element(field()).not.toBeInTheDocument();
    expect(fakes.drafts.get(C1)).toBe("Good morning Ana Morales, Dr. Sofía Herrera");
  });

  it("a slash elsewhere is a slash, and Escape leaves the first one there", async () => {
    await userEvent.type(box(), "1/2");
    await expect.element(field()).not.toBeInTheDocument();
    await userEvent.clear(box());
    await userEvent.type(box(), "/");
    await expect.element(field()).toHaveFocus();
    await userEvent.keyboard("{Escape}me too");
    await expect.element(box()).toHaveValue("/me too");
  });

  it("moves with arrows around the ends while the field keeps the focus, accents do not matter", async () => {
    await button().click();
    await expect.element(field()).toHaveFocus();
    await expect.element(option(/Greeting/)).toHaveAttribute("aria-selected", "true");
    await userEvent.keyboard("{ArrowUp}");
    await expect.element(option(/Día de fruta/)).toHaveAttribute("aria-selected", "true");
    expect(field().element().getAttribute("aria-activedescendant")).toBe(
      option(/Día de fruta/).element().id,
    );
    await userEvent.keyboard("{ArrowDown}");
    await expect.element(option(/Greeting/)).toHaveAttribute("aria-selected", "true");
    await userEvent.keyboard("dia de");
    expect(page.getByRole("option").elements()).toHaveLength(1);
    await userEvent.keyboard("x");
    await expect.element(page.getByText("No template has such a name")).toBeVisible();
    await userEvent.keyboard("{Enter}");
    await expect.element(field()).toHaveFocus();
  });

  it("inserts at the caret, selects the first open word, and Tab goes to the next until none is left", async () => {
    await userEvent.fill(box(), "Hello. Bye.");
    element().setSelectionRange(7, 7);
    await button().click();
    await option(/Food diary/).click();
    await expect.element(box()).toHaveValue("Hello. Please write down {meal}\nuntil {day}.Bye.");
    expect(selected()).toBe("{meal}");
    await userEvent.keyboard("lunch{Tab}");
    expect(selected()).toBe("{day}");
    await userEvent.keyboard("Friday{Tab}");
    await expect.element(box()).toHaveValue("Hello. Please write down lunch\nuntil Friday.Bye.");
    await expect.element(box()).not.toHaveFocus();
  });

  it("is taken back by Ctrl+Z, with what stood there before", async () => {
    await userEvent.type(box(), "Hello ");
    await button().click();
    await option(/Greeting/).click();
    await expect.element(box()).toHaveValue("Hello Good morning Ana Morales, Dr. Sofía Herrera");
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.element(box()).toHaveValue("Hello ");
  });

  it("closes when the focus goes elsewhere", async () => {
    await button().click();
    await expect.element(field()).toHaveFocus();
    element().focus();
    await expect.element(field()).not.toBeInTheDocument();
  });
});

it("without a template the button leads to where they are made, and a slash is a slash", async () => {
  fakes.templates.value = [];
  await mount(fakes.models, <Composer conversation={C1} />);
  await button().click();
  await expect.element(page.getByText("No templates yet")).toBeVisible();
  await expect.element(page.getByRole("link", { name: "Edit templates" })).toHaveFocus();
  await userEvent.keyboard("{Escape}/");
  await settled();
  await expect.element(box()).toHaveValue("/");
  await expect.element(box()).toHaveFocus();
});

it("a patient has none of it", async () => {
  fakes = fakeModels({ me: patient });
  fakes.templates.value = [{ id: templateNamed("t1"), name: "Greeting", text: "Good morning" }];
  await mount(fakes.models, <Composer conversation={C1} />);
  await userEvent.type(box(), "/");
  await settled();
  await expect.element(box()).toHaveFocus();
  await expect.element(button()).not.toBeInTheDocument();
});

describe("in the settings", () => {
  const form = () => page.getByRole("dialog");
  const name = () => form().getByRole("textbox", { name: "Name" });
  const body = () => form().getByRole("textbox", { name: "Text" });
  const save = () => form().getByRole("button", { name: "Save" });

  beforeEach(async () => {
    await mount(fakes.models, <TemplatesSection />);
  });

  it("are made, changed and removed", async () => {
    await page.getByRole("button", { name: "New template" }).click();
    await save().click();
    await expect.element(form().getByText("Write a name to go on.")).toBeVisible();
    await name().fill("Thanks");
    await body().fill("Thank you, {name}");
    await save().click();
    await expect.element(page.getByRole("heading", { name: "Thanks" })).toBeVisible();

    await page.getByRole("button", { name: "Edit Thanks" }).click();
    await body().fill("Many thanks");
    await save().click();
    await expect.element(page.getByText("Many thanks")).toBeVisible();

    await page.getByRole("button", { name: "Remove Thanks" }).click();
    await form().getByRole("button", { name: "Remove" }).click();
    await expect.element(page.getByRole("heading", { name: "Thanks" })).not.toBeInTheDocument();
    await expect.element(page.getByRole("heading", { name: "Templates" })).toHaveFocus();
    expect(fakes.calls.map(([called]) => called)).toEqual([
      "saveTemplate",
      "saveTemplate",
      "removeTemplate",
    ]);
  });

  it("says what went wrong and keeps what was written", async () => {
    fakes.answers.set("saveTemplate", [{ ok: false, problem: "offline" }]);
    await page.getByRole("button", { name: "New template" }).click();
    await name().fill("Thanks");
    await body().fill("Thank you");
    await save().click();
    await expect.element(form().getByRole("alert")).toBeVisible();
    await expect.element(body()).toHaveValue("Thank you");
    await save().click();
    await expect.element(page.getByRole("heading", { name: "Thanks" })).toBeVisible();
  });

  it("states limits early: of a name, of a text, of all texts, and of their number", async () => {
    await page.getByRole("button", { name: "New template" }).click();
    await name().fill("n".repeat(TEMPLATES_LIMIT.name + 1));
    await expect.element(form().getByText(/60 characters at most/)).toBeVisible();
    await name().fill("Thanks");
    await body().fill("x".repeat(TEMPLATES_LIMIT.text - 3));
    await expect.element(form().getByText("3 characters left")).toBeVisible();
    await body().fill("x".repeat(TEMPLATES_LIMIT.text + 2));
    await expect.element(form().getByText(/2 characters too many/)).toBeVisible();
    await save().click();
    expect(fakes.calls).toEqual([]);
    await userEvent.keyboard("{Escape}");

    fakes.templates.value = Array.from({ length: TEMPLATES_LIMIT.count }, (_, n) => ({
      id: templateNamed(`t${n}`),
      name: `Template ${n}`,
      text: "x",
    }));
    await expect.element(page.getByText(/50 of 50 templates · That is as many/)).toBeVisible();
    await expect.element(page.getByRole("button", { name: "New template" })).toBeDisabled();
  });
});
