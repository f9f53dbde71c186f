import { and, eq, inArray } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { farewells } from "../db/farewells.schema.ts";
import type { AccountId, DeviceId } from "../protocol/ids.ts";

/** K3: a device's first farewell stays; it says no more with the second. For a batch. */
export const insertFarewell = (
  db: Database,
  account: AccountId,
  device: DeviceId,
  farewellCbor: string,
) => db.insert(farewells).values({ account, device, farewellCbor }).onConflictDoNothing();

/** Farewells of an account that no manifest has taken up yet. */
export async function farewellsOf(db: Database, account: AccountId): Promise<string[]> {
  const rows = await db
    .select({ farewellCbor: farewells.farewellCbor })
    .from(farewells)
    .where(eq(farewells.account, account));
  return rows.map((row) => row.farewellCbor);
}

/** K3: whether this device said goodbye: it gets no session any more. */
export async function saidFarewell(
  db: Database,
  account: AccountId,
  device: DeviceId,
): Promise<boolean> {
  const row = await db
    .select({ device: farewells.device })
    .from(farewells)
    .where(and(eq(farewells.account, account), eq(farewells.device, device)))
    .get();
  return row !== undefined;
}

/** A manifest in which these devices are gone has taken their farewells up. For its batch. */
export const dropFarewells = (db: Database, account: AccountId, devices: readonly DeviceId[]) =>
  db
    .delete(farewells)
    .where(and(eq(farewells.account, account), inArray(farewells.device, [...devices])));
