import { ensureInstalled } from "../machine/install.mjs";
import { ensureNode } from "../machine/node24.mjs";
import { opsOptions } from "./options.mjs";
import { makePass } from "./pass.mjs";

// A link that makes one more administrator, for when the only one is lost. It retires nobody.

const LIFE_MS = 60 * 60 * 1000;

ensureInstalled();
await ensureNode();
const { where, origin } = opsOptions("ops:new-administrator");
const pass = makePass(where, "administrator", LIFE_MS);
console.log("This link makes one more administrator. It works once, within an hour:");
console.log(`${origin}/setup#${pass}`);
console.log("Nobody loses anything by it: administrators there are stay what they are.");
