import type { CDPSession } from "playwright-core";

/** A virtual passkey authenticator of one page, with PRF. Another page of the same context gets nothing from it. */
export class Authenticator {
  readonly #session: CDPSession;
  readonly #id: string;

  private constructor(session: CDPSession, id: string) {
    this.#session = session;
    this.#id = id;
  }

  /** The session must stay the page's only one: detaching another would end this one's authenticator. */
  static async attach(session: CDPSession, hasPrf: boolean): Promise<Authenticator> {
    await session.send("WebAuthn.enable");
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        hasPrf,
      },
    });
    return new Authenticator(session, authenticatorId);
  }

  async credentialIds(): Promise<string[]> {
    const { credentials } = await this.#session.send("WebAuthn.getCredentials", {
      authenticatorId: this.#id,
    });
    return credentials.map((credential) => credential.credentialId);
  }

  /** As a synced passkey on another machine, but Chromium's copy loses PRF: there the app must ask for the code. */
  async copyTo(other: Authenticator): Promise<void> {
    const { credentials } = await this.#session.send("WebAuthn.getCredentials", {
      authenticatorId: this.#id,
    });
    for (const credential of credentials) {
      await other.#session.send("WebAuthn.addCredential", {
        authenticatorId: other.#id,
        credential,
      });
    }
  }

  /** With false, the person does not touch the authenticator: the dialog stays open. */
  async setPresence(isPresent: boolean): Promise<void> {
    await this.#session.send("WebAuthn.setAutomaticPresenceSimulation", {
      authenticatorId: this.#id,
      enabled: isPresent,
    });
  }

  async removeCredentials(): Promise<void> {
    await this.#session.send("WebAuthn.clearCredentials", { authenticatorId: this.#id });
  }
}
