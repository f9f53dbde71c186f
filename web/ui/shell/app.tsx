import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { conversationOfAddress } from "../../app/ids.ts";
import type { Models } from "../../app/models.ts";
import { forgetComposerTargets } from "../composer/composer-target.ts";
import { forgetComposers } from "../composer/composer-state.ts";
import { keepPageFromDrops } from "../attach/incoming.ts";
import { forgetTrays } from "../attach/tray-state.ts";
import { forgetList } from "../list/list-state.ts";
import { SignInScreen } from "../sign-in/sign-in-screen.tsx";
import { ConnectionStatus } from "./connection-status.tsx";
import { DeviceNotice } from "./device-notice.tsx";
import { EmptyShell } from "./empty-shell.tsx";
import { forgetLanding, landingPath, noteLanded } from "./landing.ts";
import { signedOut } from "../state/endings.ts";
import { ModelsContext, useModels } from "../state/models-context.ts";
import { NewBuild } from "./new-build.tsx";
import { Redirect, returnPath, signInPath } from "./redirect.tsx";
import {
  Conversation,
  NotFound,
  Onboarding,
  Practitioners,
  Privacy,
  Settings,
  TwoPanes,
} from "./screens.tsx";
import { useUnread } from "./unread.ts";

export function App({ models }: { models: Models }) {
  return (
    <ModelsContext.Provider value={models}>
      <LocationProvider>
        <div class="app">
          <ConnectionStatus />
          <NewBuild />
          <DeviceNotice />
          <Screens />
        </div>
      </LocationProvider>
    </ModelsContext.Provider>
  );
}

const needsAccount = (path: string): boolean =>
  path === "/" || path === "/settings" || path.startsWith("/c/");

function Screens() {
  const { phase } = useModels().app.value;
  const { path, query } = useLocation();
  useUnread();
  useEffect(keepPageFromDrops, []);
  useEffect(() => {
    if (phase !== "signed-out") return;
    forgetComposers();
    forgetComposerTargets();
    forgetTrays();
    signedOut.value += 1;
    forgetList();
    forgetLanding();
  }, [phase]);

  useEffect(() => {
    if (path === "/settings" || path.startsWith("/c/")) noteLanded();
  }, [path]);

  if (phase === "starting" && (needsAccount(path) || path === "/sign-in")) return <EmptyShell />;
  if (phase === "signed-out" && needsAccount(path)) return <Redirect to={signInPath(path)} />;
  if (phase === "ready" && path === "/sign-in") return <Redirect to={returnPath(query["next"])} />;

  return (
    <Router>
      <Route path="/" component={Home} />
      <Route path="/c/:address" component={Home} />
      <Route path="/c/:address/:part" component={Home} />
      <Route path="/settings" component={Settings} />
      <Route path="/sign-in" component={SignIn} />
      <Route path="/join" component={Onboarding} />
      <Route path="/setup" component={Onboarding} />
      <Route path="/privacy" component={Privacy} />
      <Route default component={NotFound} />
    </Router>
  );
}

function SignIn() {
  return <SignInScreen preloadNext={preloadTwoPanes} />;
}

function preloadTwoPanes(): void {
  TwoPanes.preload();
  Conversation.preload();
}

/** One component for the list and a conversation, so that the list stays as it is while one moves about. */
function Home({ address, part }: { address?: string; part?: string }) {
  const id = address === undefined ? undefined : conversationOfAddress(address);
  const { app, conversations } = useModels();
  const state = app.value;
  if (state.phase !== "ready") return <EmptyShell />;
  if (state.me.role === "administrator") {
    return id === undefined ? <Practitioners /> : <NotFound />;
  }
  if (id === null || (part !== undefined && part !== "files")) return <NotFound />;
  if (id !== undefined) Conversation.preload();
  else {
    const to = landingPath(state.me.role, conversations.list.value);
    if (to !== null) return <Redirect to={to} />;
  }
  return <TwoPanes {...(id === undefined ? {} : { id })} isGallery={part !== undefined} />;
}
