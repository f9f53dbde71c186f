import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Outcome, VoiceRecording } from "../../app/models.ts";
import { C1, C2 } from "../../app/ids.test-kit.ts";
import { Composer } from "../composer/composer.tsx";
import { forgetComposers } from "../composer/composer-state.ts";
import { type Fakes, fakeModels, practitioner } from "../fake-models.test-kit.ts";
import { mount, settled, unmount } from "../mount.test-kit.ts";
import { conversationLeft, signedOut } from "../state/endings.ts";
import "../styles/composer.css";

let fakes: Fakes;
const button = (name: string) => page.getByRole("button", { name });
const box = () => page.getByRole("textbox", { name: "Message" });
const names = () => fakes.calls.map(([name]) => name);

/** As a person does it who has seen the button. */
async function record(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 550));
  await userEvent.click(button("Record voice note"));
}

beforeEach(async () => {
  signedOut.value += 1;
  forgetComposers();
  fakes = fakeModels({ me: practitioner });
  await mount(fakes.models, <Composer conversation={C1} />);
});
afterEach(unmount);

describe("a voice note", () => {
  it("is recorded, heard and sent; the box comes back", async () => {
    await record();
    await expect.element(page.getByRole("timer", { name: "Recorded" })).toHaveTextContent("0:12");
    await expect.element(button("Stop")).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect.element(button("Play")).toBeVisible();
    await expect.element(page.getByText("0:32")).toBeVisible();
    await expect.element(button("Send voice note")).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect.element(box()).toBeVisible();
    await expect.element(box()).toHaveFocus();
    const [, said] = fakes.calls.find(([name]) => name === "sendFile") ?? [];
    expect(said).toMatchObject({ conversation: C1, caption: "", voice: { seconds: 32 } });
    expect(said).toHaveProperty("voice.waveform.length", 48);
  });

  it("is offered only where nothing is written, and not to a hasty second press of Send", async () => {
    await userEvent.fill(box(), "Hello");
    await expect.element(button("Record voice note")).not.toBeInTheDocument();
    await userEvent.click(button("Send"));
    await userEvent.click(button("Record voice note"));
    await settled();
    expect(names()).not.toContain("recordVoice");
    await record();
    await expect.poll(names).toContain("recordVoice");
  });

  it("is not kept when it is discarded", async () => {
    await record();
    await userEvent.click(button("Discard recording"));
    await expect.element(box()).toBeVisible();
    expect(names()).toContain("cancelVoice");
    expect(names()).not.toContain("finishVoice");
  });

  it("says why there is no microphone, and what to do", async () => {
    fakes.answers.set("recordVoice", [{ ok: false, problem: "microphone_denied" }]);
    await record();
    await expect.element(page.getByRole("alert")).toHaveTextContent(/Allow it beside the address/);
    await userEvent.click(button("Try again"));
    await expect.element(button("Stop")).toBeVisible();
  });

  it("that could not be stored is still there", async () => {
    fakes.answers.set("sendFile", [{ ok: false, problem: "device_full" }]);
    await record();
    await userEvent.click(button("Stop"));
    await userEvent.click(button("Send voice note"));
    await expect.element(page.getByRole("alert")).toHaveTextContent(/Your recording is still here/);
    await userEvent.click(button("Send voice note"));
    await expect.element(box()).toBeVisible();
  });

  it("ends after five minutes, and is kept", async () => {
    const recording: VoiceRecording = {
      level: () => 0.5,
      seconds: () => 300,
      finish: () =>
        Promise.resolve({
          ok: true,
          value: { file: new Blob(["x"]), seconds: 300, waveform: new Uint8Array() },
        }),
      cancel: () => undefined,
      lost: new Promise(() => undefined),
    };
    fakes.models.voice.record = (): Promise<Outcome<VoiceRecording>> =>
      Promise.resolve({ ok: true, value: recording });
    await record();
    await expect.element(page.getByText(/Five minutes are the most/)).toBeVisible();
    await expect.element(button("Send voice note")).toBeVisible();
  });

  it("of a conversation that is left ends, and waits there", async () => {
    await record();
    await expect.element(button("Stop")).toBeVisible();
    await mount(fakes.models, <Composer conversation={C2} />);
    conversationLeft.value += 1;
    await expect.element(box()).toBeVisible();
    await mount(fakes.models, <Composer conversation={C1} />);
    await expect.element(button("Send voice note")).toBeVisible();
  });
});
