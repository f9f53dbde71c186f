import { describe, expect, test } from "vitest";
import { isPushService, parsePushHosts } from "./push-services.ts";

describe("N1 only push services are called", () => {
  test.each([
    "https://fcm.googleapis.com/fcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/QABC",
    "https://wns2-am3p.notify.windows.com/w/?token=abc",
    "https://push.example.org/abc",
  ])("%s is one", (endpoint) => {
    expect(isPushService(endpoint, ["push.example.org"])).toBe(true);
  });

  test.each([
    ["no TLS", "http://fcm.googleapis.com/fcm/send/abc"],
    ["another port", "https://fcm.googleapis.com:8443/abc"],
    ["a name that ends alike", "https://evilfcm.googleapis.com.example/abc"],
    ["a host below one that is exact", "https://x.web.push.apple.com/abc"],
    ["two labels before Windows's", "https://a.b.notify.windows.com/abc"],
    ["Windows's own name", "https://notify.windows.com/abc"],
    ["credentials", "https://me:secret@web.push.apple.com/abc"],
    ["a fragment", "https://web.push.apple.com/abc#x"],
    ["a host that nobody named", "https://push.example.org/abc"],
    ["this machine", "http://127.0.0.1:80/abc"],
    ["this machine by name", "https://localhost/abc"],
    ["an address inside", "https://169.254.169.254/latest"],
    ["another scheme", "data:text/plain,x"],
    ["no address at all", "fcm.googleapis.com"],
  ])("%s is none", (_, endpoint) => {
    expect(isPushService(endpoint, [])).toBe(false);
  });

  test("this machine is one only where it was named, as tests do", () => {
    expect(isPushService("http://127.0.0.1:4711/push/a", ["127.0.0.1"])).toBe(true);
    expect(isPushService("ftp://127.0.0.1/push/a", ["127.0.0.1"])).toBe(false);
    expect(isPushService("http://localhost:4711/push/a", ["127.0.0.1"])).toBe(false);
  });

  test("PUSH_HOSTS is a list of host names", () => {
    expect(parsePushHosts("")).toEqual([]);
    expect(parsePushHosts("push.example.org, 127.0.0.1")).toEqual([
      "push.example.org",
      "127.0.0.1",
    ]);
    for (const bad of ["https://push.example.org", "push.example.org/x", "a b", "x:443", "*.org"]) {
      expect(() => parsePushHosts(bad), bad).toThrow(RangeError);
    }
  });
});
