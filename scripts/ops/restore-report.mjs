import { rest, untilAnswered } from "./until-answered.mjs";

/**
 * @typedef {import("../../workers/protocol/http/operator.ts").AfterRestoreResult} Step
 * @typedef {Pick<Step, "sessions" | "accounts" | "rewritten" | "lost" | "behind" | "failed"> & { conversations: number }} Report
 */

/**
 * Repeats steps until the last. A step that is refused for its rate, or not answered, is asked again.
 * @param {(after: Step["next"]) => Promise<Response>} step
 * @param {(line: string) => void} say
 * @param {(ms: number) => Promise<unknown>} wait
 * @returns {Promise<Report>}
 */
export async function runToEnd(step, say, wait = rest) {
  /** @type {Report} */
  const total = {
    sessions: 0,
    accounts: 0,
    conversations: 0,
    rewritten: 0,
    lost: [],
    behind: [],
    failed: [],
  };
  /** @type {Step["next"]} */
  let after = null;
  for (;;) {
    const place = after;
    const found = /** @type {Step} */ (await untilAnswered(() => step(place), wait));
    for (const name of /** @type {const} */ ([
      "sessions",
      "accounts",
      "conversations",
      "rewritten",
    ])) {
      total[name] += found[name];
    }
    total.lost.push(...found.lost);
    total.behind.push(...found.behind);
    total.failed.push(...found.failed);
    say(`${total.sessions} sessions ended, ${total.accounts} accounts visited ...`);
    if (found.done) return { ...total, ...withoutRepetition(total) };
    after = found.next;
  }
}

/**
 * A conversation is visited once for each of its members.
 * @param {Report} report
 */
function withoutRepetition({ lost, behind, failed }) {
  const needs = new Map();
  for (const row of behind) {
    if ((needs.get(row.account)?.needs ?? 0) < row.needs) needs.set(row.account, row);
  }
  return {
    lost: [...new Map(lost.map((gap) => [`${gap.conversation} ${gap.from}`, gap])).values()],
    behind: [...needs.values()],
    failed: [...new Set(failed)],
  };
}

/**
 * What the operator is told.
 * @param {Report} report
 * @returns {string[]}
 */
export function reportOf({ sessions, accounts, rewritten, lost, behind, failed }) {
  const lines = [
    "",
    `All sessions ended: ${sessions}. Devices sign in again by themselves.`,
    `Accounts visited: ${accounts}. Log items written to D1 again: ${rewritten}.`,
  ];
  if (lost.length === 0) lines.push("Lost messages: none.");
  else {
    const count = lost.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    lines.push(
      `LOST: ${count} messages that neither D1 nor their conversation has. Devices that have them keep them.`,
      ...lost.map((gap) => `  ${gap.conversation}: ${gap.from} to ${gap.to}`),
    );
  }
  if (behind.length > 0) {
    lines.push(
      `BEHIND: ${behind.length} accounts whose newest manifests D1 has lost. Their people cannot change devices until a newer backup is restored:`,
      ...behind.map(
        ({ account, has, needs }) =>
          `  ${account}: ${has === 0 ? "not in D1" : `version ${has}`}, needs at least ${needs}`,
      ),
    );
  }
  if (failed.length > 0) {
    lines.push(
      `NOT REACHED: ${failed.length}. Run the command again:`,
      ...failed.map((id) => `  ${id}`),
    );
  }
  return lines;
}
