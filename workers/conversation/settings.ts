declare global {
  namespace Cloudflare {
    interface Env {
      /** number of the archive shard that new conversations get; by default the newest */
      readonly ARCHIVE_NEW?: string;
    }
  }
}

/** Sizes and times of the Conversation object that are no part of the contract. */
export const TUNING = {
  /** flushed items that stay in the object for reconnects */
  tailKeep: 500,
  /** items past that before a prune is worth its writes */
  pruneStep: 128,
  /** freed rows kept for reuse; more are really deleted */
  freeRows: 1024,
  /** recent messages of a device that are held in memory (M6) */
  recent: 64,
  /** the object is the log, so that D1 may be late: this long for a few, and at once for many */
  flushAfterMs: 10 * 60_000,
  flushSoonMs: 500,
  flushRows: 200,
  flushBytes: 256 * 1024,
  /** chunks of one alarm, so that it ends and the next one is scheduled */
  flushChunks: 50,
  /** a deletion reaches D1 after this time */
  eraseAfterMs: 1_000,
  /** statements of 100 places that one alarm empties */
  eraseSlices: 10,
  /** orphaned shares that one alarm deletes */
  orphanSlice: 20,
  /** what is due and could not be done in this alarm waits for the next one */
  soonMs: 100,
  /** a failure that lasts this long is told to the registry */
  behindAfterMs: 60_000,
  notifyEveryMs: 1_000,
  /** what no socket holds is stored after this time, together */
  receiptsMs: 10_000,
  /** an upload that rested so long makes room for another, and one without room is forgotten */
  uploadIdleMs: 60 * 60_000,
  /** no part is on its way for so long (PART_MS): what R2 deletes after this stays deleted */
  lastPartMs: 60 * 60_000,
  /** after so many failures to make one blob of its parts they are sent again */
  finishTries: 3,
  /** files that one alarm ends or deletes */
  blobSlice: 20,
  /** a share whose bundle is not there after this time is an orphan (C7) */
  orphanMs: 10 * 60_000,
  itemsPerFrame: 100,
  frameBytes: 256 * 1024,
  /** what a socket replays at most; who is further behind pages by HTTP */
  replayItems: 2_000,
  /** what it is sent at a time, until it says that it has read it */
  replayPageItems: 200,
  replayPageBytes: 256 * 1024,
  /** a hello during a replay is asked to come again after this time */
  helloAgainMs: 1_000,
  /** rows read from the tail at a time: what a page has no room for was read in vain */
  rowsAtOnce: 8,
  /** what a request's answers may come to before its further frames are refused */
  answerBytes: 1024 * 1024,
  /** frames of one peer that wait behind one that waits for a neighbour */
  waitingBytes: 2 * 1024 * 1024,
  /** an envelope beyond this size costs more than one token */
  bytesPerToken: 4096,
  pageBytes: 2 * 1024 * 1024,
  /** of one answer with the tails of many conversations; the first tail goes whatever its size */
  tailsBytes: 4 * 1024 * 1024,
  /** bundles that come with a stale_epoch; a reader further behind pages */
  missedBytes: 512 * 1024,
  /** KiB that are read: replays, and the bundles that come with a refusal */
  downstream: {
    device: { burst: 16 * 1024, perSecond: 1024 },
    address: { burst: 64 * 1024, perSecond: 4096 },
  },
  /** typing and presence frames */
  ephemerals: {
    device: { burst: 8, perSecond: 1 },
    address: { burst: 80, perSecond: 10 },
  },
  /** a bundle costs signatures, D1 reads and an R2 write */
  bundleCost: 5,
  /** beginning asks D1, finishing R2; a part asks the object twice */
  uploadCost: 5,
  partCost: 2,
  /** a deletion may cost a look at D1 and a write there */
  eraseCost: 2,
} as const;
