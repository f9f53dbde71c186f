/** Statements of a migration, without comments. */
const statementsOf = (sql: string): string[] =>
  sql
    .replaceAll(/--.*$/gm, "")
    .split(";")
    .map((statement) => statement.replaceAll(/\s+/g, " ").trim())
    .filter((statement) => statement !== "");

const nameIn = (statement: string, pattern: RegExp): string =>
  pattern.exec(statement)?.[1]?.toLowerCase() ?? "";

/**
 * Why a build that does not know this migration could not go on with what it leaves; none: it only adds
 * (decision "both ways").
 */
export function notAdding(sql: string): string[] {
  const statements = statementsOf(sql);
  const made = statements.map((one) => nameIn(one, /^CREATE TABLE [`"]?(\w+)/i));
  return statements.filter((statement) => {
    if (/^CREATE TABLE (?!IF )/i.test(statement)) return / AS SELECT /i.test(statement);
    if (/^CREATE INDEX /i.test(statement)) return false;
    // Rows that an older build writes may break it, unless the table is as new.
    if (/^CREATE UNIQUE INDEX /i.test(statement)) {
      return !made.includes(nameIn(statement, / ON [`"]?(\w+)/i));
    }
    if (/^ALTER TABLE \S+ ADD (?!CONSTRAINT)/i.test(statement)) {
      const isNeeded = / NOT NULL/i.test(statement) && !/ DEFAULT /i.test(statement);
      return isNeeded || / UNIQUE/i.test(statement) || / CHECK ?\(/i.test(statement);
    }
    return !/^(INSERT|UPDATE) /i.test(statement);
  });
}
