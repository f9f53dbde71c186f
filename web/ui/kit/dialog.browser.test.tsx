import { useSignal } from "@preact/signals";
import { afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakeModels, practitioner } from "../fake-models.test-kit.ts";
import { mount, unmount } from "../mount.test-kit.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./field.tsx";

function Example({ field }: { field: boolean }) {
  const open = useSignal(false);
  return (
    <>
      <Button onClick={() => (open.value = true)}>Open</Button>
      <Button>Behind</Button>
      {open.value && (
        <Dialog title="Example" onClose={() => (open.value = false)}>
          {field && <TextField label="Label" value="" onInput={() => undefined} focusAtOnce />}
          <Button>Inside</Button>
        </Dialog>
      )}
    </>
  );
}

const opener = () => page.getByRole("button", { name: "Open" });
beforeEach(() => mount(fakeModels({ me: practitioner }).models, <Example field />));
afterEach(unmount);

it("has its title as its name and starts in its field", async () => {
  await opener().click();
  await expect.element(page.getByRole("dialog", { name: "Example" })).toBeVisible();
  await expect.element(page.getByRole("textbox", { name: "Label" })).toHaveFocus();
});

it("starts at its title when it has no field", async () => {
  await mount(fakeModels().models, <Example field={false} />);
  await opener().click();
  await expect.element(page.getByRole("heading", { name: "Example" })).toHaveFocus();
});

it("keeps the focus inside", async () => {
  await opener().click();
  const dialog = page.getByRole("dialog").element();
  for (let step = 0; step < 6; step += 1) {
    await userEvent.keyboard("{Tab}");
    const active = document.activeElement;
    expect(active === document.body || dialog.contains(active)).toBe(true);
  }
});

it.each(["Escape", "Close"])("%s closes it and gives the focus back", async (way) => {
  await opener().click();
  if (way === "Escape") await userEvent.keyboard("{Escape}");
  else await page.getByRole("button", { name: "Close" }).click();
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  await expect.element(opener()).toHaveFocus();
});
