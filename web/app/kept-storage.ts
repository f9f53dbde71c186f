/** What the settings know of the browser's promise to keep what is stored on this device. */
export { persistence, requestPersistence } from "../platform/page/persistence.ts";
