import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Visitor, parseSync } from "vite";
import { root } from "../machine/node24.mjs";
import {
  changes,
  clausesOf,
  disjuncts,
  isEvidentlyBoolean,
  isJudgeType,
  isStrictSetting,
  leaves,
  methodOf,
  neversOf,
  refuses,
} from "./what-guards.mjs";

/** @typedef {import("./what-guards.mjs").Node} Node */
/** @typedef {import("./what-guards.mjs").Expression} Expression */
/** @typedef {import("vite").ESTree.Function | import("vite").ESTree.ArrowFunctionExpression} Func */

/**
 * One check that can be taken out.
 * @typedef {object} Guard
 * @property {string} key what it is called in guards.txt: it moves with its function, not with its line
 * @property {string} file
 * @property {number} start
 * @property {number} end
 * @property {"false" | "true" | "undefined" | "check"} gone what stands there without it
 */

/** Every folder whose checks have to be missed by a test. */
export const GUARDED = ["web/core", "workers/protocol", "web/app/engine"];

/** What the platform is asked for stands here: the settings alone are looked at. */
const PLATFORM = [
  "web/platform/database.ts",
  "web/platform/local-key.ts",
  "web/platform/page/passkey.ts",
];

/** The files that are looked through, by their path from the root. */
const guardedFiles = () =>
  GUARDED.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !file.endsWith(".test.ts") && !file.endsWith(".test-kit.ts"))
    .toSorted();

const read = (/** @type {string} */ file) => guardsOf(file, readFileSync(join(root, file), "utf8"));

/** All guards, in the order of files and of places in them; the number of one is its place here. */
export const allGuards = () => [
  ...guardedFiles().flatMap(read),
  ...PLATFORM.flatMap(read).filter(({ key }) => key.includes(" | setting | ")),
];

/**
 * The guards of a module. A refusal is each `||` part of a condition after which nothing more is done; a judge's is each
 * part of what a named function says as yes or no; a schema's is each argument of `.check()`; what `??` refuses; and what
 * the platform is asked to be strict about.
 * @param {string} file
 * @param {string} code
 * @returns {Guard[]}
 */
export function guardsOf(file, code) {
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const nevers = neversOf(program);
  /** @type {Omit<Guard, "file">[]} */
  const found = [];
  /** @type {string[]} */
  const scope = [];
  /** @type {{ isJudge: boolean }[]} */
  const functions = [];
  const seen = new Map();

  const add = (
    /** @type {Node} */ node,
    /** @type {Guard["gone"]} */ gone,
    /** @type {string} */ what,
  ) => {
    const text = code.slice(node.start, node.end).split(/\s+/).join(" ");
    const name = `${file} | ${scope.join(".")} | ${what} | ${text}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const key = times === 1 ? name : `${name} | ${times}`;
    found.push({ key, start: node.start, end: node.end, gone });
  };
  const judged = (/** @type {Expression} */ said) => {
    for (const { node, gone } of clausesOf(said)) add(node, gone, "judge");
  };
  const enter = (/** @type {Func} */ { body, returnType }, isNamed = false) => {
    const isJudge = isJudgeType(returnType) || (isNamed && isEvidentlyBoolean(body));
    functions.push({ isJudge });
    if (isJudge && body && body.type !== "BlockStatement") judged(body);
  };
  const named = (/** @type {Node | undefined} */ name) =>
    scope.push(name?.type === "Identifier" ? name.name : "_");
  /** @type {Set<number>} */
  const namedArrows = new Set();

  new Visitor({
    VariableDeclarator(node) {
      named(node.id);
      if (node.init?.type === "ArrowFunctionExpression") namedArrows.add(node.init.start);
    },
    "VariableDeclarator:exit": () => void scope.pop(),
    Property(node) {
      named(node.key);
      if (isStrictSetting(node)) add(node.value, "undefined", "setting");
    },
    "Property:exit": () => void scope.pop(),
    MethodDefinition: (node) => void named(node.key),
    "MethodDefinition:exit": () => void scope.pop(),
    FunctionDeclaration(node) {
      named(node.id ?? undefined);
      enter(node);
    },
    "FunctionDeclaration:exit"() {
      scope.pop();
      functions.pop();
    },
    FunctionExpression: (node) => enter(node),
    "FunctionExpression:exit": () => void functions.pop(),
    ArrowFunctionExpression: (node) => enter(node, namedArrows.has(node.start)),
    "ArrowFunctionExpression:exit": () => void functions.pop(),
    ReturnStatement(node) {
      if (functions.at(-1)?.isJudge && node.argument) judged(node.argument);
    },
    IfStatement(node) {
      if (!leaves(node.consequent, nevers)) return;
      for (const clause of disjuncts(node.test)) add(clause, "false", "refusal");
    },
    LogicalExpression(node) {
      if (node.operator === "??" && refuses(node.right, nevers)) {
        add(node.right, "undefined", "refusal");
      }
    },
    CallExpression(node) {
      const called = methodOf(node);
      if (called === "check") {
        for (const check of node.arguments) if (!changes(check)) add(check, "check", "schema");
      }
      const extractable = called === "generateKey" || called === "importKey";
      for (const given of extractable ? node.arguments : []) {
        if (given.type === "Literal" && given.value === false) add(given, "true", "setting");
      }
    },
  }).visit(program);
  return found.map((guard) => ({ file, ...guard })).toSorted((a, b) => a.start - b.start);
}
