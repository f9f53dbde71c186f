import type { EngineEvent } from "../../rpc.ts";
import type { ConversationDetails, ConversationSummary } from "../../view.ts";
import { equalBytes } from "../../../../workers/protocol/bytes.ts";
import { type ConversationId, accountIdText } from "../../../../workers/protocol/ids.ts";
import { headOf } from "../../../core/account/history.ts";
import { verificationOf } from "../../../core/conversation/join-checks.ts";
import { sameValue } from "../../timeline-update.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { Deps } from "../store/deps.ts";
import type { Directory } from "../account/directory.ts";
import type { Identity } from "../account/identity.ts";
import type { Library } from "../conversation/library.ts";
import { watchMuteEnds } from "./mute-ends.ts";
import { type OpenTimeline, openTimeline } from "./open-timeline.ts";
import type { Outbox } from "../send/outbox.ts";
import { reportUnexpected } from "../store/problem-of.ts";
import type { ConversationRecord } from "../store/records.ts";
import { byActivity, isPhantom, rowOf, stateOf, titleOf, wantingOf } from "../log/rows.ts";

/** What the page is shown: rows of all conversations and the timeline of the open one. */
export interface Published {
  /** Something of this conversation changed in the store. */
  changed(id: ConversationId): void;
  /** The same, by another tab: what was read of it here may be old. */
  changedElsewhere(id: ConversationId): void;
  /** Reads all rows anew. */
  all(): Promise<void>;
  open(id: ConversationId | null): Promise<void>;
  /** the history on screen; null while no conversation is open */
  timeline(): OpenTimeline | null;
  /** the server's newest is stored; until then the timeline may be incomplete */
  caughtUp(id: ConversationId): void;
  close(): void;
}

interface Surroundings {
  readonly deps: Deps;
  readonly me: Identity;
  readonly library: Library;
  readonly directory: Directory;
  readonly outbox: Outbox;
  readonly catchUp: CatchUp;
  /** whether the person gives read receipts, and so is shown them (M10) */
  readonly receipts: () => boolean;
  /** what was written in a conversation that is not on screen, and not sent */
  readonly draftOf: (id: ConversationId) => string | null;
  readonly link: (invitation: { readonly secret: Uint8Array }) => string;
  readonly emit: (event: EngineEvent) => void;
}

/** Changes within this time are shown together; shorter than anybody notices. */
const SETTLE_MS = 12;

export function createPublished(around: Surroundings): Published {
  const { deps, me, library, directory, emit } = around;
  const rows = new Map<ConversationId, ConversationSummary>();
  const dirty = new Set<ConversationId>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open: OpenTimeline | null = null;
  let shownDetails: ConversationDetails | null = null;
  let turn: Promise<void> = Promise.resolve();

  const keepRow = (id: ConversationId, record: ConversationRecord): void => {
    if (isPhantom(record)) return void rows.delete(id);
    rows.set(id, rowOf(id, record, me.account, deps.now(), around.draftOf(id)));
  };

  const muteEnds = watchMuteEnds(deps.now, (id) => changed(id));
  const emitRows = (): void => {
    emit({ type: "conversations", list: [...rows.values()].sort(byActivity) });
    muteEnds.look(rows.values());
  };

  const detailsOf = async (id: ConversationId): Promise<ConversationDetails | null> => {
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
      wanting: wantingOf(record),
      failures: record.failures.map(({ kind: what, at }) => ({ what, at })),
      createdAt: record.createdAt,
    };
  };

  const showDetails = async (id: ConversationId): Promise<void> => {
    const details = await detailsOf(id);
    if (open?.id !== id || sameValue(shownDetails, details)) return;
    shownDetails = details;
    emit({ type: "details", details });
  };

  const settle = async (): Promise<void> => {
    const ids = [...dirty];
    dirty.clear();
    const here = open && ids.includes(open.id) ? open : null;
    await here?.show();
    for (const id of ids) {
      const record = await library.record(id);
      if (record) keepRow(id, record);
    }
    emitRows();
    if (here) await showDetails(here.id);
  };

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work).catch(reportUnexpected);
    return turn;
  };

  const changed = (id: ConversationId): void => {
    dirty.add(id);
    timer ??= setTimeout(() => {
      timer = undefined;
      void inTurn(settle);
    }, SETTLE_MS);
  };

  return {
    changed,
    changedElsewhere(id) {
      if (open?.id === id) open.forget();
      changed(id);
    },
    close: () => muteEnds.close(),
    all: () =>
      inTurn(async () => {
        for (const [id, record] of await library.records()) keepRow(id, record);
        emitRows();
      }),
    async open(id) {
      open?.close();
      open = null;
      shownDetails = null;
      if (id === null) return;
      open = openTimeline(
        {
          deps,
          me,
          library,
          outbox: around.outbox,
          catchUp: around.catchUp,
          receipts: around.receipts,
          emit: (timeline) => emit({ type: "timeline", timeline }),
        },
        id,
      );
      // The first messages wait for nothing else.
      await open.show();
      void inTurn(() => showDetails(id));
    },
    timeline: () => open,
    caughtUp(id) {
      if (open?.id === id) void open.caughtUp();
    },
  };
}
