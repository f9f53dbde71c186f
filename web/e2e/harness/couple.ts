import type { Browser } from "playwright-core";
import {
  acceptInvitation,
  becomeAdministrator,
  invitePatient,
  invitePractitioner,
  openConversation,
  reads,
  write,
} from "./journey.ts";
import { type Person, person } from "./person.ts";
import type { Server } from "./server.ts";

export interface Couple {
  readonly office: Person;
  readonly practitioner: Person;
  readonly patient: Person;
  readonly patientCode: string;
}

export interface Names {
  readonly practitioner: string;
  readonly label: string;
  readonly patient: string;
}

const NAMES: Names = { practitioner: "Dr. Herrera", label: "Ana M.", patient: "Ana Morales" };

/** An administrator, a practitioner and a patient; the last two have their conversation open and have spoken. */
export async function meet(
  browser: Browser,
  server: Server,
  names: Names = NAMES,
): Promise<Couple> {
  const office = await person(browser, server.origin);
  await becomeAdministrator(office, server.setupToken);
  const practitioner = await person(browser, server.origin);
  const invitation = await invitePractitioner(office, names.practitioner);
  await acceptInvitation(practitioner, invitation, names.practitioner);
  const link = await invitePatient(practitioner, names.label);
  await openConversation(practitioner, names.label);
  const patient = await person(browser, server.origin);
  const patientCode = await acceptInvitation(patient, link, names.patient);
  await patient.page.getByRole("textbox", { name: "Message" }).waitFor();
  await write(practitioner, "Shall we begin?");
  await reads(patient, "Shall we begin?");
  await write(patient, "Yes, gladly");
  await reads(practitioner, "Yes, gladly");
  return { office, practitioner, patient, patientCode };
}
