import * as z from "zod/mini";

/** Names and schemas of what a body holds. */
export type Fields = Readonly<Record<string, z.ZodMiniType>>;
type Body<F extends Fields> = z.infer<z.ZodMiniObject<z.core.util.Writeable<F>, z.core.$strict>>;
type Has<F extends Fields, Name extends string> = Name extends keyof F ? true : false;

/** Everything that has to be known of a payload kind; none has a default, so that none is forgotten. */
export interface Traits<
  F extends Fields,
  R extends Fields,
  Shown extends boolean,
  Editable extends boolean,
> {
  /** its body, as it travels and as it waits in the outbox */
  readonly fields: F;
  /** its body as it is stored at its place in the log */
  readonly kept: R;
  /** whether this may be sealed: what the types of the fields do not say */
  readonly fits: (said: Body<F>) => boolean;
  /** a message of its own in the timeline, and activity in the list */
  readonly isShown: Shown;
  /** counts as unread where another wrote it */
  readonly isUnread: boolean;
  /** M1: devices ring for it; the header's quiet bit is set for the others */
  readonly rings: boolean;
  /** M5: wants something of the message that its `target` names */
  readonly isAbout: Has<F, "target">;
  /** M5: may answer the message that its `reply` names */
  readonly mayAnswer: Has<F, "reply">;
  readonly isQuotable: Shown extends true ? boolean : false;
  /** M5: an edit replaces its `text` */
  readonly isEditable: Editable & (F extends { readonly text: z.ZodMiniType } ? boolean : false);
  /** said twice it is as said once, so that nobody is asked before it is sent again (M6) */
  readonly isRepeatable: boolean;
  /** the words by which it is found; null: it never is */
  readonly searched: ((said: Body<F>) => string) | null;
  /** one line of it, for the list and for quotes */
  readonly preview: Shown extends true ? (said: Body<F>) => string : null;
}

/** What every kind has, whatever its fields are. */
export type EveryTrait = Readonly<Record<keyof Traits<Fields, Fields, boolean, boolean>, unknown>>;

/** A payload kind: its traits, and the schemas and the codec of its body that follow from them. */
export function kind<
  const N extends string,
  F extends Fields,
  R extends Fields,
  Shown extends boolean,
  Editable extends boolean,
>(name: N, traits: Traits<F, R, Shown, Editable>) {
  const { fields, kept, fits } = traits;
  const sealed = z.strictObject(fields).check(z.refine(fits));
  const named = { kind: z.literal(name) };
  return {
    ...traits,
    name,
    /** as it waits in the outbox */
    outbox: z.object({ ...named, ...fields }),
    /** as a row of the log has it */
    row: z.object({ ...named, ...kept }),
    /** Throws for a body that is not of this kind. */
    read: (body: unknown): { readonly kind: N } & Readonly<Body<F>> => ({
      kind: name,
      ...sealed.parse(body),
    }),
    /** The body of a content of this kind; undefined for what may not be sealed. */
    write: (content: object): object | undefined => {
      const said = Object.entries(content).filter(([field, value]) => {
        const schema = Object.hasOwn(fields, field) ? fields[field] : undefined;
        const isNothing = value === undefined || (Array.isArray(value) && value.length === 0);
        // What may be absent is left out where it says nothing.
        return schema && !(isNothing && z.safeParse(schema, undefined).success);
      });
      return sealed.safeParse(Object.fromEntries(said)).data;
    },
  };
}
