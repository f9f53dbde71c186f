import { expect } from "vitest";
import { openConversation, reads, write } from "./harness/journey.ts";
import { test } from "./harness/stage.ts";

test("the language and the colours follow the browser until they are chosen, and the choice stays", async ({
  arrive,
}) => {
  const { page, context } = await arrive({
    context: { locale: "es-MX", colorScheme: "dark" },
  });
  const html = page.locator("html");
  const paper = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Usar código de recuperación" }).waitFor();
  await expect.poll(() => html.getAttribute("lang")).toBe("es");
  await expect.poll(paper).toBe("rgb(18, 21, 19)");
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(paper).toBe("rgb(251, 250, 247)");

  const other = await context.newPage();
  await other.goto("/c/%E0%A4%A");
  await other.getByRole("heading", { name: "Aquí no hay ninguna página" }).waitFor();

  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "Use recovery code" }).waitFor();
  await expect.poll(() => html.getAttribute("lang")).toBe("en");
  // In the other tab as well.
  await other.getByRole("heading", { name: "There is no page here" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Use recovery code" }).waitFor();
});

test("two people read each other's words each in their own language, and are told what waits", async ({
  couple,
}) => {
  const { practitioner: sofia, patient: ana } = couple;
  await ana.page
    .getByRole("link", { name: /Back|Settings/ })
    .first()
    .waitFor();
  await ana.page.goto("/settings");
  await ana.page.getByRole("combobox", { name: "Language" }).selectOption("es");
  await ana.page.getByRole("heading", { name: "Privacidad" }).waitFor();
  await ana.page.getByRole("combobox", { name: "Colores" }).selectOption("dark");
  expect(await ana.accessibilityViolations()).toEqual([]);

  // Away from the conversation: what arrives is counted in the window's title.
  await write(sofia, "Good morning");
  await expect.poll(() => ana.page.title(), { timeout: 20_000 }).toMatch(/^\(1\) /);
  await ana.page.goBack();
  await ana.page.getByRole("log", { name: "Mensajes" }).getByText("Good morning").waitFor();
  await expect.poll(() => ana.page.title(), { timeout: 20_000 }).not.toMatch(/^\(/);
  await ana.page.getByRole("textbox", { name: "Mensaje" }).fill("¡Buenos días!");
  await ana.page.getByRole("button", { name: "Enviar" }).click();
  await openConversation(sofia, /Ana/);
  await reads(sofia, "¡Buenos días!");
  await ana.page.getByText("Leído", { exact: false }).first().waitFor({ state: "attached" });
  expect(await ana.accessibilityViolations()).toEqual([]);
});
