/** Counts and characters (UTF-16 units). At three bytes a character all of them fit into one private record. */
export const TEMPLATE_LIMITS = { count: 50, name: 60, text: 2_000, total: 20_000 } as const;
