import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import type { LinkState } from "../../app/view.ts";
import { Delayed } from "../kit/delayed.tsx";
import type { Failure } from "../kit/problem.tsx";
import { useModels } from "../state/models-context.ts";
import { PublicPage } from "../pages/public-page.tsx";
import { forgetLink, takenLink, takeLink } from "../state/taken-link.ts";
import { JoinSignedIn, OtherAccount } from "./join-signed-in.tsx";
import { LinkProblem, UnreadableLink } from "./link-problem.tsx";
import { NewAccount } from "./new-account.tsx";
import "../styles/onboarding.css";

type Opened =
  | { readonly step: "opening" }
  | { readonly step: "failed"; readonly failure: Failure }
  | { readonly step: "opened"; readonly link: LinkState };

/** Setup, a practitioner's and a patient's invitation: the same steps for all three. */
export function OnboardingScreen() {
  const { onboarding } = useModels();
  const { route } = useLocation();
  const opened = useSignal<Opened>({ step: "opening" });

  const open = async (): Promise<void> => {
    opened.value = { step: "opening" };
    // Without a link in the address this device may have kept where somebody was.
    const outcome = await onboarding.open(takenLink());
    if (outcome.ok && outcome.value.state !== "open" && outcome.value.own) {
      leave(outcome.value.own.conversation);
      return;
    }
    opened.value = outcome.ok
      ? { step: "opened", link: outcome.value }
      : { step: "failed", failure: outcome };
  };

  useEffect(() => {
    void open();
    // A link pasted into this very tab changes the fragment only, and the page is not loaded again.
    const again = (): void => {
      if (takeLink()) void open();
    };
    addEventListener("hashchange", again);
    return () => removeEventListener("hashchange", again);
  }, []);

  const leave = (conversation: ConversationId | null): void => {
    forgetLink();
    route(conversation === null ? "/" : `/c/${conversation}`, true);
  };

  return (
    <PublicPage>
      <Step opened={opened.value} retry={() => void open()} onDone={leave} />
    </PublicPage>
  );
}

interface StepProps {
  readonly opened: Opened;
  readonly retry: () => void;
  readonly onDone: (conversation: ConversationId | null) => void;
}

function Step({ opened, retry, onDone }: StepProps) {
  switch (opened.step) {
    case "opening":
      return (
        <Delayed>
          <Skeleton />
        </Delayed>
      );
    case "failed":
      return <UnreadableLink failure={opened.failure} retry={retry} />;
    case "opened":
      break;
  }
  const { link } = opened;
  if (link.state !== "open") return <LinkProblem link={link} />;
  if (link.signedIn === null) return <NewAccount link={link} onDone={onDone} />;
  if (link.kind === "patient" && link.signedIn.role === "patient") {
    return <JoinSignedIn inviter={link.inviter} me={link.signedIn} onDone={onDone} />;
  }
  return <OtherAccount me={link.signedIn} onSignedOut={retry} onLeave={() => onDone(null)} />;
}

function Skeleton() {
  return (
    <div class="stack" aria-hidden="true">
      <div class="skeleton" style={{ blockSize: "4px" }} />
      <div class="skeleton" style={{ blockSize: "32px", inlineSize: "80%" }} />
      <div class="skeleton" style={{ blockSize: "76px" }} />
      <div class="skeleton" style={{ blockSize: "66px" }} />
    </div>
  );
}
