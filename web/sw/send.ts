/**
 * The engine's sending half for the service worker, a script of its own: only the browser's call to send what
 * waits evaluates it, so that it costs no start of a page anything.
 */
import { sendInBackground } from "../app/engine/background.ts";
import type { Sending } from "./sending.ts";

const sending: Sending = { sendInBackground };
Object.assign(self, { thymeSending: sending });
