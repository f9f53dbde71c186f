import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

export type Database = DrizzleD1Database;

/** Drizzle over a D1 binding; it holds no state. */
export const database = (binding: D1Database): Database => drizzle(binding);
