import { expect, test, vi } from "vitest";
import { C1 } from "../../ids.test-kit.ts";
import { joinTabs } from "./tabs.ts";

test("a tab hears what other tabs say, and nothing that is none of their words", async () => {
  const [here, there] = [joinTabs(), joinTabs()];
  const stranger = new BroadcastChannel("thyme");
  const heard: string[] = [];
  there.listen((id) => void heard.push(id));
  there.onRestart(() => void heard.push("restart"));
  there.onPreferences(() => void heard.push("preferences"));
  for (const other of [null, "restart", { changed: "no id" }, { restart: false }, {}]) {
    stranger.postMessage(other);
  }
  here.changed(C1);
  here.preferencesChanged();
  here.restart();
  await vi.waitFor(() => expect(heard).toEqual([C1, "preferences", "restart"]));
  for (const tab of [here, there]) tab.leave();
  stranger.close();
});
