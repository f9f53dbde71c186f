import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import {
  type Fakes,
  fakeModels,
  openLink,
  patient,
  practitioner,
  RECOVERY_CODE,
} from "../fake-models.test-kit.ts";
import { mountApp, unmount } from "../mount.test-kit.ts";
import { forgetLink, takeLink } from "../state/taken-link.ts";
import { NOTICE_VERSION } from "../text/notice-version.ts";
import { C1 } from "../../app/ids.test-kit.ts";

let fakes: Fakes;
const button = (name: string) => page.getByRole("button", { name, exact: true });
const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const names = (): string[] => fakes.calls.map(([name]) => name);
const before = location.href;

async function open(models: Fakes, link = "/join#secret"): Promise<void> {
  fakes = models;
  history.replaceState(null, "", link);
  takeLink();
  await mountApp(fakes.models, location.pathname);
}

async function nameAndConsent(): Promise<void> {
  await page.getByRole("textbox", { name: "Your name" }).fill("Ana Morales");
  await page.getByRole("checkbox", { name: "I have read the privacy notice" }).click();
  await button("Continue").click();
}

async function storeKit(): Promise<void> {
  await page.getByRole("checkbox", { name: "I have stored my recovery code" }).click();
  await button("Continue").click();
}

beforeEach(forgetLink);
afterEach(() => {
  unmount();
  forgetLink();
  history.replaceState(null, "", before);
});

describe("I1: the link", () => {
  it("leaves the address before it is opened, and is handed to the engine whole", async () => {
    await open(fakeModels());
    expect(location.hash).toBe("");
    await expect.element(heading(/^Write with Dr. Sofía Herrera/)).toBeVisible();
    expect(fakes.calls).toEqual([["open", `${location.origin}/join#secret`]]);
  });

  it("is asked for again when its secret is not there any more, nor anything that was begun", async () => {
    const models = fakeModels();
    models.answers.set("open", [{ ok: false, problem: "bad_link" }]);
    await open(models, "/join");
    await expect.element(heading("Open your link once more")).toBeVisible();
    expect(fakes.calls).toEqual([["open", null]]);
  });

  it("may be pasted into the page that asks for it", async () => {
    const models = fakeModels();
    models.answers.set("open", [{ ok: false, problem: "bad_link" }]);
    await open(models, "/join");
    await expect.element(heading("Open your link once more")).toBeVisible();
    location.hash = "pasted";
    await expect.element(heading(/^Write with/)).toBeVisible();
    expect(location.hash).toBe("");
  });

  it("that was used brings its owner back at once", async () => {
    const own = { conversation: C1 };
    await open(
      fakeModels({ me: patient, link: { kind: "patient", state: "used", inviter: null, own } }),
    );
    await expect.poll(() => location.pathname).toBe(`/c/${C1}`);
  });

  it("that was used asks first for who joined with it, then says whom to tell", async () => {
    const link = {
      kind: "patient",
      state: "used",
      inviter: "Dr. Sofía Herrera",
      own: null,
    } as const;
    await open(fakeModels({ link }));
    await expect.element(heading("This link has been used")).toBeVisible();
    const signIn = page.getByRole("link", { name: "I joined with this" });
    await expect.element(signIn).toHaveAttribute("href", "/sign-in");
    await button("It was not me").click();
    await expect.element(heading("Somebody else used your link")).toBeVisible();
    await expect.element(page.getByText(/^Tell Dr. Sofía Herrera at once/)).toBeVisible();
    await button("Back").click();
    await expect.element(signIn).toBeVisible();
  });

  it.each([
    ["withdrawn", "This invitation was withdrawn"],
    ["expired", "This invitation has expired"],
  ] as const)("that was %s says so", async (state, title) => {
    await open(fakeModels({ link: { kind: "patient", state, inviter: null, own: null } }));
    await expect.element(heading(title)).toBeVisible();
    await expect.element(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  });

  it("that could not be opened can be tried again", async () => {
    const offline = fakeModels();
    offline.answers.set("open", [{ ok: false, problem: "offline" }]);
    await open(offline);
    await button("Try again").click();
    await expect.element(heading(/^Write with/)).toBeVisible();
  });
});

describe("K10: a new account", () => {
  it("goes by name and consent, passkey and its confirmation, kit, then one finish", async () => {
    await open(fakeModels());
    await nameAndConsent();
    await expect
      .poll(() => fakes.calls.at(-1))
      .toEqual(["prepare", { name: "Ana Morales", notice: NOTICE_VERSION, passkey: true }]);
    await button("Create passkey").click();
    await button("Confirm passkey").click();
    const code = page.getByRole("textbox", { name: "Recovery code" });
    await expect.element(code).toHaveValue(RECOVERY_CODE);
    await expect.element(code).toHaveAttribute("readonly");
    await storeKit();
    await expect.poll(() => location.pathname).toBe(`/c/${C1}`);
    // The conversation opens as soon as its screen has been fetched.
    await expect
      .poll(names)
      .toEqual([
        "open",
        "prepare",
        "createPasskey",
        "confirmPasskey",
        "finish",
        "openConversation",
      ]);
  });

  it.each([
    ["passkey", "Create passkey"],
    ["confirm", "Confirm passkey"],
  ] as const)("goes on at the step %s where it was left", async (step, next) => {
    const resumed = { step, name: "Ana Morales", recoveryCode: RECOVERY_CODE };
    await open(fakeModels({ link: openLink("patient", null, resumed) }), "/join");
    await expect.element(button(next)).toBeVisible();
    expect(fakes.calls).toEqual([["open", null]]);
  });

  it("shows the same code again where the code was left", async () => {
    const resumed = { step: "code", name: "Ana Morales", recoveryCode: RECOVERY_CODE } as const;
    await open(fakeModels({ link: openLink("patient", null, resumed) }), "/join");
    const code = page.getByRole("textbox", { name: "Recovery code" });
    await expect.element(code).toHaveValue(RECOVERY_CODE);
    await storeKit();
    await expect.poll(() => location.pathname).toBe(`/c/${C1}`);
    expect(names()).not.toContain("prepare");
  });

  it("says what is missing, at the field it is missing from", async () => {
    await open(fakeModels({ passkeys: false }));
    await expect.element(heading(/^Write with/)).toBeVisible();
    await button("Continue").click();
    const name = page.getByRole("textbox", { name: "Your name" });
    await expect.element(name).toHaveFocus();
    await expect.element(name).toHaveAccessibleDescription(/Write your name to go on/);
    await name.fill("Ana");
    await button("Continue").click();
    const consent = page.getByRole("checkbox");
    await expect.element(consent).toHaveFocus();
    await consent.click();
    await button("Continue").click();
    await button("Continue").click();
    await expect.element(page.getByRole("checkbox")).toHaveFocus();
    expect(names()).toEqual(["open", "prepare"]);
  });

  it("a passkey dialog that was closed may be opened again; one confirmation may not be enough", async () => {
    const models = fakeModels();
    models.answers.set("createPasskey", [{ ok: false, problem: "passkey_cancelled" }]);
    let confirmed = 0;
    models.models.onboarding.confirmPasskey = () => {
      confirmed += 1;
      return Promise.resolve({ ok: true, value: { again: confirmed === 1 } });
    };
    await open(models);
    await nameAndConsent();
    await button("Create passkey").click();
    await expect.element(page.getByRole("alert")).toHaveTextContent("Nothing was changed");
    await button("Create passkey").click();
    await button("Confirm passkey").click();
    await expect.element(page.getByRole("alert")).toHaveTextContent("One last time");
    await button("Confirm passkey").click();
    await storeKit();
    await expect.poll(() => location.pathname).toBe(`/c/${C1}`);
  });

  it("I3 a link that was changed on its way ends in a screen that says so, with nothing to try again", async () => {
    const models = fakeModels();
    models.answers.set("finish", [{ ok: false, problem: "link_altered" }]);
    await open(models);
    await nameAndConsent();
    await button("Create passkey").click();
    await button("Confirm passkey").click();
    await storeKit();
    await expect.element(heading("This link was changed")).toBeVisible();
    await expect.element(page.getByText(/a new one/)).toBeVisible();
    expect(page.getByRole("button", { name: "Try again" }).elements()).toEqual([]);
  });

  it("works without a passkey", async () => {
    await open(fakeModels());
    await nameAndConsent();
    await button("Continue without passkey").click();
    await storeKit();
    await expect.poll(names).toContain("finish");
    expect(names()).not.toContain("createPasskey");
  });

  it("has no passkey step where the browser has no passkeys: the kit says what the code is for", async () => {
    await open(fakeModels({ passkeys: false }));
    await expect.element(page.getByText("Step 1 of 2")).toBeInTheDocument();
    await nameAndConsent();
    await expect.element(page.getByText(/This browser cannot make passkeys/)).toBeVisible();
    await storeKit();
    await expect.poll(() => location.pathname).toBe(`/c/${C1}`);
    expect(names().slice(0, 3)).toEqual(["open", "prepare", "finish"]);
  });

  it("keeps everything when the last step fails, and tries it again", async () => {
    const models = fakeModels({ passkeys: false });
    models.answers.set("finish", [{ ok: false, problem: "offline" }]);
    await open(models);
    await nameAndConsent();
    await storeKit();
    await expect.element(heading("Not done yet")).toBeVisible();
    await button("Try again").click();
    await expect.poll(() => location.pathname).toBe(`/c/${C1}`);
  });

  it("ends at a clear page when somebody else used the invitation meanwhile", async () => {
    const models = fakeModels({ passkeys: false });
    models.answers.set("finish", [{ ok: false, problem: "invitation_used" }]);
    await open(models);
    await nameAndConsent();
    await storeKit();
    await expect.element(heading("This link has been used")).toBeVisible();
  });
});

describe("somebody who is signed in", () => {
  it("joins with the account they have", async () => {
    await open(fakeModels({ me: patient, link: openLink("patient", patient) }));
    await button("Join conversation").click();
    await expect.poll(() => location.pathname).toBe(`/c/${C1}`);
  });

  it("of another role is told, and may sign out first", async () => {
    await open(fakeModels({ me: practitioner, link: openLink("patient", practitioner) }));
    await expect.element(heading("This link makes a new account")).toBeVisible();
    await button("Sign out and use the link").click();
    await expect.poll(names).toEqual(["open", "signOut", "open"]);
  });
});
