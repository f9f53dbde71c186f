import * as z from "zod/mini";
import { type Budgets, parseBudgets } from "./budgets.ts";
import { parsePushHosts } from "./push-services.ts";
import { type Vapid, vapidOf, vapidVariables } from "./vapid.ts";

declare global {
  namespace Cloudflare {
    /**
     * Bindings of wrangler.toml, its variables, and secrets. Further archive shards are found by name; the objects'
     * bindings are declared in index.ts, which exports their classes.
     */
    interface Env {
      readonly DB: D1Database;
      readonly ARCHIVE_0: D1Database;
      readonly BLOBS: R2Bucket;
      readonly ASSETS: Fetcher;
      readonly AUTH_LIMIT: RateLimit;
      readonly ADDRESS_LIMIT: RateLimit;
      readonly READ_LIMIT: RateLimit;
      readonly WRITE_LIMIT: RateLimit;
      readonly COSTLY_LIMIT: RateLimit;
      /** where Durable Objects live: "" (anywhere), "eu", "us", "fedramp" or "fedramp-high" */
      readonly JURISDICTION: string;
      /** where the operator created the D1 databases and the R2 buckets; must equal JURISDICTION */
      readonly D1_JURISDICTION?: string;
      readonly R2_JURISDICTION?: string;
      /** secret of the setup link (I7); without it no first administrator can be made */
      readonly SETUP_TOKEN?: string;
      /** secret by which the Worker knows its own cookies; a new one signs everybody out */
      readonly SESSION_KEY?: string;
      /** secrets by which push services know who sends (RFC 8292); without them no device rings */
      readonly VAPID_PUBLIC_KEY?: string;
      readonly VAPID_PRIVATE_KEY?: string;
      readonly VAPID_SUBJECT?: string;
      /** hosts of push services beside those of the browsers, separated by commas */
      readonly PUSH_HOSTS?: string;
      /** overrides the origin of requests, where a proxy stands before the Worker */
      readonly ORIGIN?: string;
      /** overrides the relying party of passkeys; a registrable suffix of the origin's host */
      readonly RP_ID?: string;
      /** JSON that replaces some of the budgets (budgets.ts) */
      readonly BUDGETS?: string;
    }
  }
}

const emptyAsAbsent = <T extends z.ZodMiniType>(schema: T) =>
  z.pipe(
    z.transform((value) => (value === "" ? undefined : value)),
    z.optional(schema),
  );

const jurisdiction = emptyAsAbsent(z.enum(["eu", "us", "fedramp", "fedramp-high"]));

const budgetText = z.pipe(
  z.optional(z.string()),
  z.transform((text, context): Budgets => {
    try {
      return parseBudgets(text);
    } catch {
      const message = "not JSON of known budgets";
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    }
  }),
);

const hostsText = z.pipe(
  z.optional(z.string()),
  z.transform((text, context): readonly string[] => {
    try {
      return parsePushHosts(text ?? "");
    } catch {
      context.issues.push({ code: "custom", message: "not a list of host names", input: text });
      return z.NEVER;
    }
  }),
);

const secret = z.string().check(z.minLength(32, "at least 32 characters"));

const variables = z.object({
  JURISDICTION: jurisdiction,
  D1_JURISDICTION: jurisdiction,
  R2_JURISDICTION: jurisdiction,
  SETUP_TOKEN: emptyAsAbsent(secret),
  SESSION_KEY: secret,
  ORIGIN: emptyAsAbsent(
    z
      .url("an origin such as https://thyme.example")
      .check(
        z.refine(
          (text) => URL.canParse(text) && new URL(text).origin === text,
          "no path, no slash",
        ),
      ),
  ),
  RP_ID: emptyAsAbsent(z.string().check(z.regex(/^[a-z0-9.-]+$/, "a host name"))),
  BUDGETS: budgetText,
  PUSH_HOSTS: hostsText,
  VAPID_PUBLIC_KEY: emptyAsAbsent(z.string()),
  VAPID_PRIVATE_KEY: emptyAsAbsent(z.string()),
  VAPID_SUBJECT: emptyAsAbsent(z.string()),
});

/** The Worker cannot run as configured; the message names what to correct, never a secret's value. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

export interface Settings {
  readonly jurisdiction: DurableObjectJurisdiction | null;
  readonly setupToken: string | null;
  readonly sessionKey: string;
  readonly origin: string | null;
  readonly rpId: string | null;
  /** archive shards by number (decision "archive shards") */
  readonly shards: readonly D1Database[];
  readonly budgets: Budgets;
  /** null: no pushes are sent */
  readonly vapid: Vapid | null;
  readonly pushHosts: readonly string[];
}

const isDatabase = (value: unknown): value is D1Database =>
  typeof value === "object" && value !== null && "prepare" in value;

/** ARCHIVE_0, ARCHIVE_1, ... without a gap: a conversation records its shard's number for ever. */
function findShards(env: Cloudflare.Env): readonly D1Database[] {
  const bindings = new Map<string, unknown>(Object.entries(env));
  const names = [...bindings.keys()].filter((name) => /^ARCHIVE_\d+$/.test(name));
  return names.map((_, number) => {
    const shard = bindings.get(`ARCHIVE_${number}`);
    if (!isDatabase(shard)) throw new ConfigurationError(`ARCHIVE_${number} is missing`);
    return shard;
  });
}

/** All of the three, or none. */
function findVapid(found: z.infer<typeof variables>): Vapid | null {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = found;
  const { VAPID_SUBJECT: subject } = found;
  if (publicKey === undefined && privateKey === undefined && subject === undefined) return null;
  const parsed = vapidVariables.safeParse({ publicKey, privateKey, subject });
  if (parsed.success) return vapidOf(parsed.data);
  const [issue] = parsed.error.issues;
  const name = { publicKey: "VAPID_PUBLIC_KEY", privateKey: "VAPID_PRIVATE_KEY" }[
    String(issue?.path[0])
  ];
  throw new ConfigurationError(`${name ?? "VAPID_SUBJECT"}: ${issue?.message}`);
}

function read(env: Cloudflare.Env): Settings {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".")}: ${issue.message}`,
    );
    throw new ConfigurationError(problems.join("; "));
  }
  const { JURISDICTION: place = null, ORIGIN: origin = null, RP_ID: rpId = null } = parsed.data;
  for (const name of ["D1_JURISDICTION", "R2_JURISDICTION"] as const) {
    if ((parsed.data[name] ?? null) !== place) {
      throw new ConfigurationError(`${name} must equal JURISDICTION (decision "one jurisdiction")`);
    }
  }
  const host = origin ? new URL(origin).hostname : null;
  if (host && rpId && host !== rpId && !host.endsWith(`.${rpId}`)) {
    throw new ConfigurationError("RP_ID must be ORIGIN's host or a suffix of it");
  }
  const shards = findShards(env);
  if (shards.length === 0) throw new ConfigurationError("ARCHIVE_0 is missing");
  return {
    jurisdiction: place,
    setupToken: parsed.data.SETUP_TOKEN ?? null,
    sessionKey: parsed.data.SESSION_KEY,
    origin,
    rpId,
    shards,
    budgets: parsed.data.BUDGETS,
    vapid: findVapid(parsed.data),
    pushHosts: parsed.data.PUSH_HOSTS,
  };
}

const known = new WeakMap<Cloudflare.Env, Settings>();

/** The Worker's settings, parsed once. Throws ConfigurationError for a mixed or malformed configuration. */
export function settingsOf(env: Cloudflare.Env): Settings {
  const before = known.get(env);
  if (before) return before;
  const settings = read(env);
  known.set(env, settings);
  return settings;
}
