import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { LinkState } from "../../app/view.ts";
import { Button } from "../kit/button.tsx";
import { Mark } from "../kit/mark.tsx";
import { type Failure, problemText } from "../kit/problem.tsx";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

type NotOpen = Exclude<LinkState, { state: "open" }>;
/** `altered`: found out when it was joined by (I3), and nothing to try again. */
export type ClosedLink =
  | NotOpen
  | {
      readonly kind: NotOpen["kind"];
      readonly state: "altered";
      readonly inviter: string | null;
      readonly own?: null;
    };

function Page({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useScreen(title);
  return (
    <div class="stack">
      <Mark icon="link" />
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}

/** The way on for somebody who has been here before. */
function WayOn() {
  const ready = useModels().app.value.phase === "ready";
  return (
    <a class="button secondary large wide" href={ready ? "/" : "/sign-in"}>
      {ready ? text().onboarding.toConversations : text().signIn.submit}
    </a>
  );
}

/** Mostly its owner, back by the one address they have: signing in comes first. */
function UsedLink({ kind, inviter }: { kind: LinkState["kind"]; inviter: string | null }) {
  const isForeign = useSignal(false);
  const t = text().link;
  if (isForeign.value) {
    return (
      <Page key="foreign" title={t.foreignTitle}>
        <p class="quiet">{t.foreign[kind](inviter)}</p>
        <div class="bottom">
          <Button
            large
            wide
            onClick={() => {
              isForeign.value = false;
            }}
          >
            {t.back}
          </Button>
        </div>
      </Page>
    );
  }
  return (
    <Page key="used" title={t.usedTitle}>
      <p class="quiet">{t.used[kind]}</p>
      <div class="bottom">
        <a class="button primary large wide" href="/sign-in">
          {t.mine[kind]}
        </a>
        <Button
          large
          wide
          onClick={() => {
            isForeign.value = true;
          }}
        >
          {t.notMine}
        </Button>
      </div>
    </Page>
  );
}

export function LinkProblem({ link }: { link: ClosedLink }) {
  const t = text().link;
  switch (link.state) {
    case "used":
      return <UsedLink kind={link.kind} inviter={link.inviter} />;
    case "withdrawn":
      return (
        <Page title={t.withdrawnTitle}>
          <p class="quiet">{t.withdrawn(link.inviter)}</p>
          <div class="bottom">
            <WayOn />
          </div>
        </Page>
      );
    case "altered":
      return (
        <Page title={t.alteredTitle}>
          <p class="quiet">{t.altered(link.inviter)}</p>
          <div class="bottom">
            <WayOn />
          </div>
        </Page>
      );
    case "expired":
      return (
        <Page title={t.expiredTitle}>
          <p class="quiet">{t.expired(link.inviter)}</p>
          <div class="bottom">
            <WayOn />
          </div>
        </Page>
      );
  }
}

/** The address without its secret part: after a reload, or a link copied in part. */
function NoLink() {
  const t = text().link;
  return (
    <Page title={t.badTitle}>
      <p class="quiet">{t.bad}</p>
      <div class="bottom">
        <WayOn />
      </div>
    </Page>
  );
}

export function UnreadableLink({ failure, retry }: { failure: Failure; retry: () => void }) {
  const t = text().link;
  if (failure.problem === "bad_link") return <NoLink />;
  const kind = "patient";
  switch (failure.problem) {
    case "invitation_used":
      return <LinkProblem link={{ kind, inviter: null, state: "used", own: null }} />;
    case "setup_done":
      return <LinkProblem link={{ kind: "setup", inviter: null, state: "used", own: null }} />;
    case "invitation_withdrawn":
      return <LinkProblem link={{ kind, inviter: null, state: "withdrawn", own: null }} />;
    case "invitation_expired":
      return <LinkProblem link={{ kind, inviter: null, state: "expired", own: null }} />;
    default:
      return (
        <Page title={t.problemTitle}>
          <p class="quiet">{problemText(failure)}</p>
          <div class="bottom">
            <Button kind="primary" large wide onClick={retry}>
              {text().common.tryAgain}
            </Button>
            <WayOn />
          </div>
        </Page>
      );
  }
}
