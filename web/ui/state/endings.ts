/**
 * What ended in this tab, as counts. What is fetched only when it is needed follows them, and is not fetched in order to
 * be told.
 */
import { signal } from "@preact/signals";

/** Another person may sign in. */
export const signedOut = signal(0);
export const conversationLeft = signal(0);
