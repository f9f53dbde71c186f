import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** K10: passkeys that were made for accounts which are not made yet; attested, and taken by one secret. */
export const parkedPasskeys = sqliteTable(
  "parked_passkeys",
  {
    credential: text().primaryKey(),
    /** the account that it was made for: user.id is its id */
    account: text().notNull(),
    publicKey: text("public_key").notNull(),
    counter: integer().notNull(),
    /** of the secret that the device keeps in its draft */
    secretHash: text("secret_hash").notNull(),
    /** the invitation that gave the right to it, or "setup" */
    claim: text().notNull(),
    parkedAt: integer("parked_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    index("parked_passkeys_claim").on(table.claim, table.parkedAt),
    index("parked_passkeys_due").on(table.expiresAt),
  ],
);
