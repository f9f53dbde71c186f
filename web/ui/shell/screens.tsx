import { lazyScreen } from "./lazy-screen.tsx";

/** Everything beyond the shell and the sign-in screen comes when it is needed. */
export const TwoPanes = lazyScreen(async () => (await import("./two-panes.tsx")).TwoPanes);

export const Conversation = lazyScreen(
  async () => (await import("../conversation/conversation-screen.tsx")).ConversationScreen,
);

export const Gallery = lazyScreen(
  async () => (await import("../gallery/gallery-screen.tsx")).GalleryScreen,
);

export const Practitioners = lazyScreen(
  async () => (await import("../practitioners/practitioners-screen.tsx")).PractitionersScreen,
);

export const Onboarding = lazyScreen(
  async () => (await import("../onboarding/onboarding-screen.tsx")).OnboardingScreen,
);

export const Settings = lazyScreen(
  async () => (await import("../settings/settings-screen.tsx")).SettingsScreen,
);

export const Privacy = lazyScreen(
  async () => (await import("../pages/privacy-screen.tsx")).PrivacyScreen,
);

export const NotFound = lazyScreen(
  async () => (await import("../pages/not-found-screen.tsx")).NotFoundScreen,
);
