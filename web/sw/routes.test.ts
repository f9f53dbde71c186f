import { expect, it } from "vitest";
import { routeOf } from "./routes.ts";

const ORIGIN = "https://thyme.example";
const FILES = new Set(["/", "/icon.svg"]);

const route = (path: string, mode = "cors", method = "GET") =>
  routeOf({ url: new URL(path, ORIGIN).href, mode, method }, ORIGIN, FILES);

it.each(["/", "/c/a-B_9", "/settings", "/join", "/apis", "/administrator"])(
  "%s is the shell when it is opened",
  (path) => expect(route(path, "navigate")).toBe("shell"),
);

it.each(["/api/health", "/api", "/ws/inbox", "/admin", "/admin/users", "/cdn-cgi/trace"])(
  "%s is never touched",
  (path) => {
    expect(route(path)).toBe("none");
    expect(route(path, "navigate")).toBe("none");
  },
);

it("takes built files and precached ones from the cache, and nothing else", () => {
  expect(route("/assets/index-AbCd1234.js", "no-cors")).toBe("asset");
  expect(route("/icon.svg", "no-cors")).toBe("file");
  expect(route("/other.svg", "no-cors")).toBe("none");
  expect(route("/icon.svg", "navigate")).toBe("none");
  expect(route("/", "cors", "POST")).toBe("none");
  expect(route("https://elsewhere.example/assets/a.js")).toBe("none");
});
