export const enOnboarding = {
  onboarding: {
    setupTitle: "Set up Thyme",
    setupIntro:
      "You become the first administrator. You invite practitioners and keep Thyme in order. You cannot read anybody's messages.",
    practitionerTitle: "Welcome to Thyme",
    practitionerIntro:
      "Here you write with your patients. Only the two of you can read it, not even we can.",
    patientTitle: (inviter: string): string => `Write with ${inviter}, in private`,
    patientIntro:
      "What you write and send here can be read by the two of you and by nobody else, not even by us.",
    inviterRole: "Your nutritionist has invited you",
    someNutritionist: "your nutritionist",
    step: (now: number, of: number): string => `Step ${now} of ${of}`,
    yourName: "Your name",
    nameHintPatient: (inviter: string): string => `Only ${inviter} sees it.`,
    nameHintPractitioner: "This is how your patients see you.",
    nameHintAdministrator: "It is shown on your own devices.",
    nameMissing: "Write your name to go on.",
    nameTooLong: (max: number): string => `Use at most ${max} characters.`,
    consent: "I have read the privacy notice",
    consentPatient:
      "I agree that what I write about my health is stored, encrypted, so that only my nutritionist and I can read it.",
    consentOther: "I agree that my account is stored as it says there.",
    consentMissing: "Read the privacy notice and tick the box to go on.",
    readNotice: "Read the privacy notice",
    promise: "Takes about a minute. No password, no phone number.",
    kitTitle: "Keep this code somewhere safe",
    kitIntro:
      "If you ever lose your phone, this code brings your messages back. Only you have it. We cannot give it to you again.",
    kitIntroAdministrator:
      "If you ever lose your device, this code lets you in again. Only you have it. We cannot give it to you again.",
    recoveryCode: "Recovery code",
    print: "Print",
    kitStored: "I have stored my recovery code",
    kitMissing: "Write the code down or print it, then tick the box to go on.",
    passkeyTitle: "How you sign in",
    passkeyIntro:
      "A passkey lets you in with your fingerprint, your face or the code of your screen. There is nothing to remember.",
    createPasskey: "Create passkey",
    confirmTitle: "Once more, to be sure",
    confirmIntro:
      "Use the passkey you have just made. This makes sure that it opens your messages on a new phone too.",
    confirmAgain: "One last time, please. Then it is done.",
    confirmPasskey: "Confirm passkey",
    withoutPasskey: "Continue without passkey",
    withoutPasskeyHint: "You would sign in with your recovery code each time.",
    noPasskeysHere:
      "This browser cannot make passkeys. You sign in with your recovery code instead.",
    finishTitle: "Almost there",
    finishing:
      "Your account is being made on this device and stored, encrypted. Keep this page open.",
    finishFailedTitle: "Not done yet",
    joinTitle: (inviter: string): string => `Start a conversation with ${inviter}`,
    joinIntro: (name: string): string =>
      `You are signed in as ${name}. The new conversation appears beside the ones you have.`,
    join: "Join conversation",
    otherAccountTitle: "This link makes a new account",
    otherAccountIntro: (name: string): string =>
      `You are signed in as ${name}. To use the link, sign out here first. Your messages stay where they are.`,
    signOutFirst: "Sign out and use the link",
    toConversations: "Go to Thyme",
  },

  printedKit: {
    title: "Recovery code for Thyme",
    intro:
      "If you lose your phone or computer, this code opens your account on a new one, with your messages.",
    name: "Name",
    code: "Recovery code",
    address: "Address",
    made: "Made on",
    steps: [
      "Open the address on your new phone or computer.",
      "Choose “Use recovery code”.",
      "Type the code. Capital letters and blanks do not matter.",
    ],
    keepSafe:
      "Whoever has this paper can read your messages. Keep it where you keep your passport. Nobody, not even we, can give you the code again.",
  },

  link: {
    usedTitle: "This link has been used",
    used: {
      patient: "Each link works once. If it was you, sign in: your messages are there.",
      practitioner: "Each link works once. If it was you, sign in to go on.",
      setup: "Thyme has been set up already.",
    },
    mine: {
      patient: "I joined with this",
      practitioner: "I joined with this",
      setup: "I set it up",
    },
    notMine: "It was not me",
    back: "Back",
    foreignTitle: "Somebody else used your link",
    foreign: {
      patient: (inviter: string | null): string =>
        `Tell ${inviter ?? "your nutritionist"} at once, by telephone or in person: somebody else may be writing in your place. They can end that access and send you a new link.`,
      practitioner: (): string =>
        "Tell your administrator at once, by telephone or in person. They can end that access and send you a new link.",
      setup: (): string =>
        "Tell whoever runs this Thyme at once: somebody else has become its administrator.",
    } satisfies Record<string, (inviter: string | null) => string>,
    withdrawnTitle: "This invitation was withdrawn",
    withdrawn: (inviter: string | null): string =>
      `${inviter ?? "The person who sent it"} has taken it back. Nothing was stored about you. Ask for a new one if you think this is a mistake.`,
    alteredTitle: "This link was changed",
    altered: (inviter: string | null): string =>
      `It does not lead to who it says it comes from, so nobody was joined. Ask ${inviter ?? "the person who sent it"} for a new one, and look at how it reaches you.`,
    expiredTitle: "This invitation has expired",
    expired: (inviter: string | null): string =>
      `Links are open for a limited time, for safety. Nothing was stored about you. Ask ${inviter ?? "the person who sent it"} for a new one.`,
    badTitle: "Open your link once more",
    bad: "The secret part of the link is missing here. It is left out when the page is loaded again or the link is copied in part. Go back to the message you received and open it from there.",
    problemTitle: "The link could not be opened",
  },
};
