import { encodeLink } from "../../../core/invitation/link.ts";

/** The link that brings a patient into a conversation (I1). */
export const patientLink = (origin: string, inviter: Uint8Array, secret: Uint8Array): string =>
  `${origin}/join#${encodeLink({ kind: "patient", inviter, secret })}`;

/** Practitioner invitations have no conversation; their link carries the suggested name. */
export const practitionerLink = (
  origin: string,
  inviter: Uint8Array,
  secret: Uint8Array,
  name: string,
): string => `${origin}/join#${encodeLink({ kind: "practitioner", inviter, secret, name })}`;
