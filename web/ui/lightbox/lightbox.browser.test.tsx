import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { C1 } from "../../app/ids.test-kit.ts";
import { ConversationScreen } from "../conversation/conversation-screen.tsx";
import {
  type Fakes,
  details,
  fakeModels,
  practitioner,
  summary,
  timeline,
} from "../fake-models.test-kit.ts";
import { fileMessage, galleryRow, picture, storePicture } from "../fake-pictures.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { signedOut } from "../state/endings.ts";
import "../styles/two-panes.css";

let fakes: Fakes;
const NOW = Date.now();
const pictures = [picture(1), picture(2), picture(3)] as const;
const dialog = () => page.getByRole("dialog", { name: "Photo" });
const shown = () => page.getByText(/^\d of \d IMG/);
const scale = (): number => {
  const large = document.querySelector(".lightbox-picture");
  return large ? new DOMMatrix(getComputedStyle(large).transform).a : 0;
};

beforeEach(async () => {
  signedOut.value += 1;
  fakes = fakeModels({ me: practitioner });
  fakes.list.value = [summary("c1", "Ana Morales")];
  fakes.details.value = details();
  const [older, first, second] = pictures.map((one, n) =>
    fileMessage(n + 1, NOW - 3 + n, one.file, n === 1 ? "My lunch" : ""),
  );
  pictures.forEach((one, n) => storePicture(fakes, n + 1, one));
  // The oldest is stored, and not in the part of the history that is shown.
  fakes.files.gallery.value = [second, first, older].flatMap(
    (one) => (one && galleryRow(one)) ?? [],
  );
  fakes.timeline.value = timeline([first, second].flatMap((one) => one ?? []));
  await mount(fakes.models, <ConversationScreen id={C1} />);
  await settled();
  await userEvent.click(page.getByRole("button", { name: "Open photo", exact: true }));
  await vi.waitFor(() => dialog().element());
});
afterEach(unmount);

describe("a photo shown large", () => {
  it("leads to the conversation's other photos by arrows, also to those that are not in sight", async () => {
    await expect.element(shown()).toHaveTextContent("3 of 3");
    await userEvent.keyboard("{ArrowLeft}");
    await expect.element(shown()).toHaveTextContent("2 of 3");
    await expect.element(dialog()).toHaveTextContent("My lunch");
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}");
    await expect.element(shown()).toHaveTextContent("1 of 3");
    await userEvent.keyboard("{ArrowRight}");
    await expect.element(shown()).toHaveTextContent("2 of 3");
  });

  it("is enlarged by keys, and moved by arrows while it is large", async () => {
    await userEvent.keyboard("+");
    await expect.poll(scale).toBeGreaterThan(1.4);
    await userEvent.keyboard("{ArrowLeft}");
    await expect.element(shown()).toHaveTextContent("3 of 3");
    await userEvent.keyboard("0");
    await expect.poll(scale).toBe(1);
    await userEvent.keyboard("-");
    expect(scale()).toBe(1);
  });

  it("is enlarged by the wheel and by a double press, about where that is", async () => {
    const stage = document.querySelector(".lightbox-stage");
    const { left = 0, top = 0, width = 0, height = 0 } = stage?.getBoundingClientRect() ?? {};
    const at = { clientX: left + width / 3, clientY: top + height / 2, bubbles: true };
    stage?.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY: -400, cancelable: true }));
    await expect.poll(scale).toBeGreaterThan(2);
    const press = (type: string): void =>
      void stage?.dispatchEvent(
        new PointerEvent(type, { ...at, pointerId: 1, button: 0, pointerType: "touch" }),
      );
    if (stage) stage.setPointerCapture = () => undefined;
    for (const type of ["pointerdown", "pointerup", "pointerdown", "pointerup"]) press(type);
    await expect.poll(scale).toBe(1);
  });

  it("is turned by a swipe", async () => {
    const stage = document.querySelector(".lightbox-stage");
    if (stage) stage.setPointerCapture = () => undefined;
    const drag = (type: string, clientX: number): void =>
      void stage?.dispatchEvent(
        new PointerEvent(type, { clientX, clientY: 300, pointerId: 1, bubbles: true }),
      );
    drag("pointerdown", 100);
    drag("pointermove", 220);
    drag("pointerup", 260);
    await expect.element(shown()).toHaveTextContent("2 of 3");
  });

  it("closes by Escape and gives the focus back", async () => {
    await userEvent.keyboard("{Escape}");
    await expect.element(dialog()).not.toBeInTheDocument();
    await expect
      .element(page.getByRole("button", { name: "Open photo", exact: true }))
      .toHaveFocus();
  });

  it("keeps the focus inside", async () => {
    for (let n = 0; n < 9; n += 1) {
      await userEvent.keyboard("{Tab}");
      const { activeElement } = document;
      const isInside =
        activeElement === document.body || dialog().element().contains(activeElement);
      expect(isInside).toBe(true);
    }
  });
});
