import { primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.schema.ts";

/** K3: devices that said goodbye and are live in the newest manifest still; the next manifest names them departed. */
export const farewells = sqliteTable(
  "farewells",
  {
    account: text()
      .notNull()
      .references(() => accounts.id),
    device: text().notNull(),
    /** CBOR of {core, signature} as it came */
    farewellCbor: text("farewell_cbor").notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.device] })],
);
