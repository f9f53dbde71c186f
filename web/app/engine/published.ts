import type { EngineEvent } from "../rpc.ts";
import type { ConversationDetails, ConversationRow, Timeline } from "../view.ts";
import { equalBytes } from "../../../workers/protocol/bytes.ts";
import { accountIdText } from "../../../workers/protocol/ids.ts";
import { headOf } from "../../core/account/history.ts";
import { verificationOf } from "../../core/invitation/join-checks.ts";
import type { CatchUp } from "./catch-up.ts";
import type { Deps } from "./deps.ts";
import type { Directory } from "./directory.ts";
import type { Identity } from "./identity.ts";
import type { Library } from "./library.ts";
import { watchMuteEnds } from "./mute-ends.ts";
import type { Outbox } from "./outbox.ts";
import { reportUnexpected } from "./problem-of.ts";
import { type ConversationRecord, messageRecord } from "./records.ts";
import { byActivity, rowOf, stateOf, titleOf } from "./rows.ts";
import { timelineItems } from "./timeline-view.ts";

/** What the page is shown: rows of all conversations and the timeline of the open one. */
export interface Published {
  /** Something of this conversation changed in the store. */
  changed(id: string): void;
  /** Reads all rows anew. */
  all(): Promise<void>;
  open(id: string | null): Promise<void>;
  older(): Promise<void>;
  /** the server's newest is stored; until then the timeline may be incomplete */
  caughtUp(id: string): void;
  close(): void;
}

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly directory: Directory;
  readonly outbox: Outbox;
  readonly catchUp: CatchUp;
  /** what was written in a conversation that is not on screen, and not sent */
  readonly draftOf: (id: string) => string | null;
  readonly link: (invitation: { readonly secret: Uint8Array }) => string;
  readonly emit: (event: EngineEvent) => void;
}

const PAGE = 60;
/** Changes within this time are shown together; less than a frame of attention. */
const SETTLE_MS = 12;

interface Window {
  readonly id: string;
  /** lowest seq shown */
  from: number;
  newFrom: number | null;
  older: "idle" | "loading" | "unreachable";
  caughtUp: boolean;
}

export function createPublished(around: Surroundings): Published {
  const { deps, me, library, directory, outbox, emit } = around;
  const rows = new Map<string, ConversationRow>();
  const dirty = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open: Window | null = null;
  let turn: Promise<void> = Promise.resolve();

  const keepRow = (id: string, record: ConversationRecord): void => {
    rows.set(id, rowOf(id, record, me.account, deps.now(), around.draftOf(id)));
  };

  const muteEnds = watchMuteEnds(deps.now, (id) => changed(id));
  const emitRows = (): void => {
    emit({ type: "rows", rows: [...rows.values()].sort(byActivity) });
    muteEnds.look(rows.values());
  };

  const showTimeline = async (): Promise<void> => {
    const window = open;
    if (!window) return;
    const { id } = window;
    const record = await library.record(id);
    if (!record) return emit({ type: "timeline", timeline: null });
    const from = Math.max(window.from, record.oldest);
    const [stored, waiting] = await Promise.all([
      deps.store.readAll("messages", messageRecord, { id, from, to: Number.MAX_SAFE_INTEGER }),
      outbox.entries(id),
    ]);
    if (open !== window) return;
    const placed = stored.flatMap(({ key, value }) =>
      typeof key === "string" ? [] : [{ seq: key[1], row: value }],
    );
    const timeline: Timeline = {
      conversation: id,
      items: timelineItems(
        record,
        placed,
        waiting.map(({ entry }) => entry),
        me,
      ),
      older: olderOf(window, from, record.oldest),
      newFrom: window.newFrom,
      caughtUp: window.caughtUp,
    };
    emit({ type: "timeline", timeline });
    emit({ type: "details", details: await detailsOf(id) });
  };

  const olderOf = (window: Window, from: number, oldest: number): Timeline["older"] => {
    if (window.older !== "idle") return window.older;
    return from > oldest || oldest > 1 ? "available" : "none";
  };

  const detailsOf = async (id: string): Promise<ConversationDetails | null> => {
    const record = await library.record(id);
    if (!record) return null;
    const { conversation } = await library.chain(id);
    const roster = conversation?.bundles.at(-1)?.core.roster ?? [];
    const other = roster.find(({ account }) => !equalBytes(account, me.account));
    const devicesOf = async (account: Uint8Array): Promise<number> => {
      const history = await directory.load(account);
      return history ? headOf(history).core.devices.length : 1;
    };
    const state = stateOf(record, deps.now());
    return {
      id,
      title: titleOf(record, me.account),
      state,
      peer: other
        ? {
            name: titleOf(record, me.account),
            signedName: record.names[accountIdText(other.account)] ?? null,
            devices: await devicesOf(other.account),
          }
        : null,
      ownDevices: await devicesOf(me.account),
      verified: conversation ? verificationOf(conversation, me.account) : "waiting",
      invitation:
        record.invitation && state === "invited"
          ? { link: around.link(record.invitation), expiresAt: record.invitation.expiry }
          : null,
      createdAt: record.createdAt,
    };
  };

  const settle = async (): Promise<void> => {
    const ids = [...dirty];
    dirty.clear();
    for (const id of ids) {
      const record = await library.record(id);
      if (record) keepRow(id, record);
    }
    emitRows();
    if (open && ids.includes(open.id)) await showTimeline();
  };

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work).catch(reportUnexpected);
    return turn;
  };

  const changed = (id: string): void => {
    dirty.add(id);
    timer ??= setTimeout(() => {
      timer = undefined;
      void inTurn(settle);
    }, SETTLE_MS);
  };

  return {
    changed,
    close: () => muteEnds.close(),
    all: () =>
      inTurn(async () => {
        for (const [id, record] of await library.records()) keepRow(id, record);
        emitRows();
      }),
    open: (id) =>
      inTurn(async () => {
        open = null;
        if (id === null) return;
        const record = await library.record(id);
        const from = Math.max(1, (record?.cursor ?? 0) - PAGE);
        // Where everything is new there is nothing to divide.
        const isDivided = record && record.unread > 0 && record.readSeq > 0;
        const newFrom = isDivided ? record.readSeq + 1 : null;
        open = { id, from, newFrom, older: "idle", caughtUp: false };
        await showTimeline();
      }),
    async older() {
      const window = open;
      if (!window || window.older === "loading") return;
      const record = await library.record(window.id);
      if (!record) return;
      const shown = Math.max(window.from, record.oldest);
      const wanted = Math.max(1, shown - PAGE);
      if (wanted < record.oldest && record.oldest > 1) {
        window.older = "loading";
        await inTurn(showTimeline);
        try {
          await around.catchUp.older(window.id);
          window.older = "idle";
        } catch (error) {
          window.older = "unreachable";
          reportUnexpected(error);
        }
      }
      window.from = wanted;
      await inTurn(showTimeline);
    },
    caughtUp(id) {
      if (!open || open.id !== id || open.caughtUp) return;
      open.caughtUp = true;
      void inTurn(showTimeline);
    },
  };
}
