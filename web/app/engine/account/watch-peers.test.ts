import { expect, test } from "vitest";
import { ProtocolError } from "../../../../workers/protocol/errors.ts";
import { conversationIdText } from "../../../../workers/protocol/ids.ts";
import { newRoom } from "../../../core/messages/room.test-kit.ts";
import { watchPeers } from "./watch-peers.ts";

const HOUR = 60 * 60 * 1000;
const { owner, patient, together } = await newRoom("peers");
const id = conversationIdText(together.id);

function scene(fails = false) {
  const asked: Uint8Array[] = [];
  const state = { now: 0, fails };
  const look = watchPeers({
    deps: { now: () => state.now },
    me: owner,
    library: { chain: () => Promise.resolve({ conversation: together, seqs: [] }) },
    directory: {
      fetch(account) {
        asked.push(account);
        const answer = state.fails ? Promise.reject(new ProtocolError("unavailable")) : null;
        return answer ?? Promise.resolve(patient.history);
      },
    },
  });
  return { look: () => look(id), asked, state };
}

test("C8 opening a conversation asks for the others' newer manifests, at most once an hour", async () => {
  const { look, asked, state } = scene();
  await look();
  expect(asked).toEqual([patient.account]);
  state.now = HOUR - 1;
  await look();
  expect(asked.length).toBe(1);
  state.now = HOUR;
  await look();
  expect(asked.length).toBe(2);
});

test("C8 what failed is asked again at the next opening", async () => {
  const { look, asked, state } = scene(true);
  await look();
  state.fails = false;
  await look();
  await look();
  expect(asked.length).toBe(2);
});
