/** @typedef {import("vite").ESTree.Node} Node */
/** @typedef {import("vite").ESTree.Expression} Expression */

/**
 * The names of a module's functions that never return: a call of one is a refusal.
 * @param {import("vite").ESTree.Program} program
 * @returns {ReadonlySet<string>}
 */
export function neversOf(program) {
  const names = program.body.flatMap((statement) =>
    statement.type === "VariableDeclaration"
      ? statement.declarations.flatMap(({ id, init }) =>
          id.type === "Identifier" &&
          init?.type === "ArrowFunctionExpression" &&
          init.returnType?.typeAnnotation.type === "TSNeverKeyword"
            ? [id.name]
            : [],
        )
      : [],
  );
  return new Set(names);
}

/**
 * Whether this says no: a call of what never returns.
 * @param {Node} node
 * @param {ReadonlySet<string>} nevers
 */
export const refuses = (node, nevers) =>
  node.type === "CallExpression" &&
  node.callee.type === "Identifier" &&
  nevers.has(node.callee.name);

/**
 * Whether a value says that there is nothing, or yes or no: `return` of it gives up.
 * @param {Node} node
 * @returns {boolean}
 */
function saysNothing(node) {
  if (node.type === "Literal") return true;
  if (node.type === "Identifier") return node.name === "undefined";
  // What is given up later.
  if (node.type === "CallExpression") {
    return methodOf(node) === "resolve" && node.arguments.every(saysNothing);
  }
  return node.type === "ArrayExpression" && node.elements.length === 0;
}

/**
 * Whether nothing more is done after this statement: it throws, refuses, goes on with the next or returns nothing.
 * @param {Node} statement
 * @param {ReadonlySet<string>} nevers
 * @returns {boolean}
 */
export function leaves(statement, nevers) {
  switch (statement.type) {
    case "BlockStatement": {
      const last = statement.body.at(-1);
      return last !== undefined && leaves(last, nevers);
    }
    case "ThrowStatement":
    case "ContinueStatement":
    case "BreakStatement":
      return true;
    case "ReturnStatement": {
      const { argument } = statement;
      return argument === null || saysNothing(argument) || refuses(argument, nevers);
    }
    case "ExpressionStatement":
      return refuses(statement.expression, nevers);
    default:
      return false;
  }
}

/**
 * The parts of `a || b || c`, or the one.
 * @param {Expression} test
 * @returns {Expression[]}
 */
export const disjuncts = (test) => partsOf("||", test);

/** @param {"||" | "&&"} operator @param {Expression} node @returns {Expression[]} */
function partsOf(operator, node) {
  if (node.type === "ParenthesizedExpression") return partsOf(operator, node.expression);
  if (node.type !== "LogicalExpression" || node.operator !== operator) return [node];
  return [...partsOf(operator, node.left), ...partsOf(operator, node.right)];
}

const COMPARES = new Set(["===", "!==", "<", "<=", ">", ">=", "in", "instanceof"]);

/**
 * Whether an expression is yes or no by its form.
 * @param {Node | null} node
 * @returns {boolean}
 */
export function isEvidentlyBoolean(node) {
  if (node?.type === "BinaryExpression") return COMPARES.has(node.operator);
  if (node?.type === "UnaryExpression") return node.operator === "!";
  if (node?.type === "ParenthesizedExpression") return isEvidentlyBoolean(node.expression);
  if (node?.type !== "LogicalExpression" || node.operator === "??") return false;
  return isEvidentlyBoolean(node.left) || isEvidentlyBoolean(node.right);
}

/**
 * Whether a function that is said to return this judges: yes or no, also later.
 * @param {import("vite").ESTree.TSTypeAnnotation | null | undefined} annotation
 */
export function isJudgeType(annotation) {
  const type = annotation?.typeAnnotation;
  if (type?.type === "TSTypePredicate" || type?.type === "TSBooleanKeyword") return true;
  return (
    type?.type === "TSTypeReference" &&
    type.typeName.type === "Identifier" &&
    type.typeName.name === "Promise" &&
    type.typeArguments?.params[0]?.type === "TSBooleanKeyword"
  );
}

/**
 * What a judge's verdict consists of. Without a part of `&&` it says yes to more, without one of `||` to less.
 * @param {Expression} said
 * @returns {{ node: Expression, gone: "true" | "false" }[]}
 */
export function clausesOf(said) {
  if (said.type === "ParenthesizedExpression") return clausesOf(said.expression);
  if (said.type === "Literal") return [];
  if (said.type === "LogicalExpression" && said.operator === "||") {
    return partsOf("||", said).map((node) => ({ node, gone: "false" }));
  }
  return partsOf("&&", said).map((node) => ({ node, gone: "true" }));
}

/**
 * The name of the method that is called, if one is.
 * @param {import("vite").ESTree.CallExpression} call
 */
export const methodOf = ({ callee }) =>
  callee.type === "MemberExpression" && callee.property.type === "Identifier"
    ? callee.property.name
    : null;

/**
 * Whether an argument of `.check()` alters instead of checking.
 * @param {Node} check
 */
export const changes = (check) => check.type === "CallExpression" && methodOf(check) === "trim";

const STRICT = new Set(["durability", "residentKey", "userVerification"]);

/**
 * Whether the platform would do less without this property.
 * @param {Node} node
 */
export const isStrictSetting = (node) =>
  node.type === "Property" &&
  node.key.type === "Identifier" &&
  STRICT.has(node.key.name) &&
  node.value.type === "Literal";
