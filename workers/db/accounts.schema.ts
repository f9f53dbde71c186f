import { type SQL, sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Ids and bytes are base64url text: D1 carries BLOBs as JSON arrays of numbers, three times as long. */
export const accounts = sqliteTable(
  "accounts",
  {
    id: text().primaryKey(),
    role: text({ enum: ["administrator", "practitioner", "patient"] }).notNull(),
    publicName: text("public_name"),
    createdAt: integer("created_at").notNull(),
    /** SHA-256 of the recovery code's proof (K11) */
    recoveryId: text("recovery_id").notNull().unique(),
    recoveryHash: text("recovery_hash").notNull(),
  },
  (table) => [
    // N3: the server never learns a patient's name.
    check(
      "patients_have_no_name",
      sql`(${table.role} = 'patient') = (${table.publicName} IS NULL)`,
    ),
    index("accounts_role").on(table.role),
  ],
);

/** The whole chain, for ever (K5); the highest version is the newest. */
export const manifests = sqliteTable(
  "manifests",
  {
    account: text()
      .notNull()
      .references(() => accounts.id),
    version: integer().notNull(),
    /** CBOR of {core, signature} as it came */
    manifestCbor: text("manifest_cbor").notNull(),
    hash: text().notNull(),
    createdAt: integer("created_at").notNull(),
    bytes: integer().generatedAlwaysAs((): SQL => sql`length(${manifests.manifestCbor})`),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.version] }),
    // Answers the sums of the day's budget: without it every sum would read the manifests themselves.
    index("manifests_size").on(table.account, table.createdAt, table.bytes),
  ],
);

/** Seals of the newest manifest only. */
export const accountSeals = sqliteTable("account_seals", {
  account: text()
    .primaryKey()
    .references(() => accounts.id),
  version: integer().notNull(),
  sealsCbor: text("seals_cbor").notNull(),
});

export const passkeys = sqliteTable(
  "passkeys",
  {
    credential: text().primaryKey(),
    account: text()
      .notNull()
      .references(() => accounts.id),
    publicKey: text("public_key").notNull(),
    counter: integer().notNull(),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at").notNull(),
  },
  (table) => [index("passkeys_account").on(table.account)],
);

/** What a person agreed to, and when. */
export const consents = sqliteTable(
  "consents",
  {
    account: text()
      .notNull()
      .references(() => accounts.id),
    notice: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.notice] })],
);
