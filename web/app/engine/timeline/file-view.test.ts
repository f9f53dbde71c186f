import { expect, test } from "vitest";
import { CONTENT_SAMPLES } from "../../../core/messages/content.test-kit.ts";
import { outboxRecord } from "../store/records.ts";
import { me, only, out, row, show } from "./effects-view.test-kit.ts";

const [plan, photo, voice] = CONTENT_SAMPLES.file;
const fileOf = (item: ReturnType<typeof only>) => (item.kind === "message" ? item.file : undefined);

test("F2 the page is given what a file is, and nothing by which it could be fetched or opened", () => {
  const item = only(show([[7, row(me.account, 7, photo)]]));
  if (item.kind !== "message") throw new RangeError(item.kind);
  const { image } = photo;
  expect(item.text).toBe("lunch");
  expect(item.file).toEqual({
    kind: "image",
    type: "image/jpeg",
    name: "lunch.jpg",
    size: 4_321,
    image,
  });
  const { audio } = voice;
  const heard = fileOf(only(show([[7, row(me.account, 7, voice)]])));
  expect(heard).toEqual({
    kind: "voice",
    type: "audio/webm",
    name: "voice.webm",
    size: 4_321,
    audio,
  });
  expect(only(show([[7, row(me.account, 7, plan)]]))).toMatchObject({ text: "" });
});

test("F1 on its way, a file whose copy ends with its tab says so; others do not", () => {
  const waiting = (more: object) =>
    fileOf(only(show([], [outboxRecord.parse({ ...out(1, plan), ...more })])));
  expect(waiting({ isVolatile: true })?.isVolatile).toBe(true);
  expect(waiting({})).not.toHaveProperty("isVolatile");
});
