import { afterEach, describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import {
  administrator,
  fakeModels,
  patient,
  practitioner,
  summary,
} from "../fake-models.test-kit.ts";
import { mountApp, unmount } from "../mount.test-kit.ts";
import { C1 } from "../../app/ids.test-kit.ts";

const before = location.href;
afterEach(() => {
  unmount();
  history.replaceState(null, "", before);
});

describe("a visitor who is signed out", () => {
  it("signs in and comes to where they wanted to go", async () => {
    const fakes = fakeModels();
    await mountApp(fakes.models, "/c/abc");
    await expect.element(page.getByRole("button", { name: "Sign in with passkey" })).toBeVisible();
    expect(location.pathname + location.search).toBe("/sign-in?next=%2Fc%2Fabc");
    fakes.app.value = { phase: "ready", me: patient };
    await expect.poll(() => location.pathname).toBe("/c/abc");
  });

  it("may use the recovery code, also after a passkey that was not enough", async () => {
    const fakes = fakeModels();
    fakes.models.signIn.withPasskey = () =>
      Promise.resolve({ ok: true, value: { next: "code" as const } });
    fakes.answers.set("withCode", [{ ok: false, problem: "bad_recovery_code" }]);
    await mountApp(fakes.models, "/sign-in");
    await page.getByRole("button", { name: "Sign in with passkey" }).click();
    await expect.element(page.getByText(/cannot open your messages yet/)).toBeVisible();
    await page.getByRole("textbox", { name: "Recovery code" }).fill("k7qf");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect.element(page.getByRole("alert")).toHaveTextContent("There is a mistake");
    expect(fakes.calls).toEqual([["withCode", "k7qf"]]);
  });
});

describe("home", () => {
  it("shows an empty frame, and no spinner, until the engine has spoken", async () => {
    const fakes = fakeModels({ me: practitioner });
    fakes.app.value = { phase: "starting" };
    await mountApp(fakes.models, "/");
    expect(document.querySelector("main")?.textContent).toBe("Thyme");
    fakes.app.value = { phase: "ready", me: practitioner };
    await expect.element(page.getByRole("button", { name: "Invite patient" })).toBeVisible();
  });

  it("lists conversations as links with what matters in their name", async () => {
    const fakes = fakeModels({ me: practitioner });
    fakes.list.value = [summary("c1", "Ana Morales", { unread: 2, unsent: 1 })];
    await mountApp(fakes.models, "/");
    const link = page
      .getByRole("navigation", { name: "Conversations" })
      .getByRole("link", { name: /Ana Morales.*1 message not sent yet.*2 unread messages/ });
    await expect.element(link).toHaveAttribute("href", `/c/${C1}`);
  });

  it("invites a patient and shows the link and its picture", async () => {
    const fakes = fakeModels({ me: practitioner });
    await mountApp(fakes.models, "/");
    await page.getByRole("button", { name: "Invite patient" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite patient" });
    await dialog.getByRole("button", { name: "Create invitation" }).click();
    await expect.element(dialog.getByRole("textbox", { name: "Label" })).toHaveFocus();
    await dialog.getByRole("textbox", { name: "Label" }).fill(" Ana M. ");
    await dialog.getByRole("button", { name: "Create invitation" }).click();
    const link = dialog.getByRole("textbox", { name: "Invitation link" });
    await expect.element(link).toHaveAttribute("readonly");
    await expect.element(dialog.getByRole("img", { name: /invitation link/ })).toBeVisible();
    expect(fakes.calls).toEqual([["invitePatient", "Ana M."]]);
  });

  it("of an administrator invites practitioners and opens no conversation", async () => {
    const fakes = fakeModels({ me: administrator });
    await mountApp(fakes.models, "/");
    await page.getByRole("button", { name: "Invite practitioner" }).click();
    await page.getByRole("textbox", { name: "Public name" }).fill("Dr. Herrera");
    await page.getByRole("button", { name: "Create invitation" }).click();
    await expect.element(page.getByRole("textbox", { name: "Invitation link" })).toBeVisible();
    await mountApp(fakes.models, `/c/${C1}`);
    await expect
      .element(page.getByRole("heading", { name: "There is no page here" }))
      .toBeVisible();
  });
});

describe("the address of a conversation", () => {
  it("that is broken leads nowhere", async () => {
    const fakes = fakeModels({ me: practitioner });
    for (const broken of ["abc", `${C1}A`, C1.slice(1)]) {
      await mountApp(fakes.models, `/c/${broken}`);
      const heading = page.getByRole("heading", { name: "There is no page here" });
      await expect.element(heading).toBeVisible();
    }
    expect(fakes.calls).toEqual([]);
  });

  it("that is whole opens it", async () => {
    const fakes = fakeModels({ me: practitioner });
    fakes.list.value = [summary("c1", "Ana Morales")];
    await mountApp(fakes.models, `/c/${C1}`);
    await expect.poll(() => fakes.calls).toEqual([["openConversation", C1]]);
  });
});

describe("the connection", () => {
  it("of a tab whose place others took is said to be elsewhere, in one line", async () => {
    const fakes = fakeModels({ me: practitioner });
    await mountApp(fakes.models, "/");
    const said = page.getByRole("status").filter({ hasText: /^(Active elsewhere|Connected)/ });
    await expect.element(said).toHaveTextContent("Connected");
    fakes.connection.value = "elsewhere";
    await expect.element(said).toHaveTextContent(/^Active elsewhere\. This tab goes on when/);
    await expect.element(said).toBeVisible();
    expect(said.element().getClientRects().length).toBe(1);
    fakes.connection.value = "online";
    await expect.element(said).toHaveTextContent(/^Connected$/);
  });

  it("is said when it is lost, and once more when it is back", async () => {
    const fakes = fakeModels({ me: practitioner });
    await mountApp(fakes.models, "/");
    const said = page.getByRole("status").filter({ hasText: /^(Offline|Connected)$/ });
    await expect.element(said).toHaveTextContent("Connected");
    fakes.connection.value = "offline";
    await expect.element(said).toHaveTextContent(/^Offline$/);
    await expect.element(page.getByText("What you write is kept and sent later.")).toBeVisible();
    fakes.connection.value = "online";
    await expect.element(said).toHaveTextContent(/^Connected$/);
  });
});

describe("a newer build", () => {
  it("is offered and comes only when it is asked for", async () => {
    const fakes = fakeModels({ me: practitioner });
    await mountApp(fakes.models, "/");
    expect(page.getByRole("region", { name: "New version" }).elements()).toEqual([]);
    fakes.newer.value = true;
    const banner = page.getByRole("region", { name: "New version" });
    await expect.element(banner.getByRole("status")).toHaveTextContent(/^New version .*kept/);
    expect(fakes.calls).toEqual([]);
    await banner.getByRole("button", { name: "Reload" }).click();
    expect(fakes.calls).toEqual([["reload", null]]);
  });
});

describe("what is unread", () => {
  it("is counted in the window's title and on the app's icon, unless it is muted", async () => {
    const badges: (number | undefined)[] = [];
    navigator.setAppBadge = (count) => Promise.resolve(void badges.push(count));
    navigator.clearAppBadge = () => Promise.resolve(void badges.push(0));
    const fakes = fakeModels({ me: practitioner });
    fakes.list.value = [
      summary("c1", "Ana", { unread: 2 }),
      summary("c2", "Jonas", { unread: 1 }),
      summary("c3", "Luis", { unread: 5, muted: true }),
    ];
    await mountApp(fakes.models, "/");
    await expect.poll(() => document.title).toBe("(3) Conversations · Thyme");
    fakes.list.value = [summary("c1", "Ana"), summary("c2", "Jonas")];
    await expect.poll(() => document.title).toBe("Conversations · Thyme");
    expect(badges).toEqual([3, 0]);
  });
});

describe("settings", () => {
  it("change the language at once and sign out", async () => {
    const fakes = fakeModels({ me: patient });
    fakes.answers.set("signOut", [{ ok: false, problem: "unsent_messages" }]);
    await mountApp(fakes.models, "/settings");
    await expect.element(page.getByRole("heading", { name: "Devices" })).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect.element(page.getByRole("alert")).toHaveTextContent("have not been sent");
    await page.getByRole("combobox", { name: "Language" }).selectOptions("es");
    await expect.element(page.getByRole("heading", { name: "Dispositivos" })).toBeVisible();
    expect(document.documentElement.lang).toBe("es");
    await page.getByRole("combobox", { name: "Idioma" }).selectOptions("en");
    localStorage.removeItem("thyme.language");
  });
});
