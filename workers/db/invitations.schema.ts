import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.schema.ts";

/** I6: of practitioners (no conversation), and copies of the pending entries of conversations. */
export const invitations = sqliteTable(
  "invitations",
  {
    inviteId: text("invite_id").primaryKey(),
    signPub: text("sign_pub").notNull(),
    role: text({ enum: ["administrator", "practitioner", "patient"] }).notNull(),
    expiresAt: integer("expires_at").notNull(),
    inviter: text()
      .notNull()
      .references(() => accounts.id),
    conversation: text(),
    /** "expired" is told by the clock */
    state: text({ enum: ["open", "used", "withdrawn"] }).notNull(),
    createdAt: integer("created_at").notNull(),
    usedBy: text("used_by"),
    /** accounts created by it; of patients several, until the chain's join decides */
    claims: integer().notNull().default(0),
  },
  (table) => [
    index("invitations_inviter").on(table.inviter),
    index("invitations_expires_at").on(table.expiresAt),
  ],
);
