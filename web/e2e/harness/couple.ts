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

type Site = Pick<Server, "origin" | "setupToken">;

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

/** An administrator and the first practitioner whom they invited, with the practitioner's recovery code. */
export async function startPractice(browser: Browser, site: Site, practitionerName: string) {
  const office = await person(browser, site.origin);
  await becomeAdministrator(office, site.setupToken);
  const invitation = await invitePractitioner(office, practitionerName);
  const practitioner = await person(browser, site.origin);
  const code = await acceptInvitation(practitioner, invitation, practitionerName);
  await practitioner.page.getByRole("button", { name: "Invite patient" }).first().waitFor();
  return { office, practitioner, code };
}

/** An administrator, a practitioner and a patient; the last two have their conversation open and have spoken. */
export async function meet(browser: Browser, site: Site, names: Names = NAMES): Promise<Couple> {
  const { office, practitioner } = await startPractice(browser, site, names.practitioner);
  const link = await invitePatient(practitioner, names.label);
  await openConversation(practitioner, names.label);
  const patient = await person(browser, site.origin);
  const patientCode = await acceptInvitation(patient, link, names.patient);
  await patient.page.getByRole("textbox", { name: "Message" }).waitFor();
  await write(practitioner, "Shall we begin?");
  await reads(patient, "Shall we begin?");
  await write(patient, "Yes, gladly");
  await reads(practitioner, "Yes, gladly");
  return { office, practitioner, patient, patientCode };
}
