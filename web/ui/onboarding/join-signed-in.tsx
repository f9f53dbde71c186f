import type { ConversationId } from "../../app/ids.ts";
import type { Me } from "../../app/view.ts";
import { Avatar } from "../kit/avatar.tsx";
import { Button } from "../kit/button.tsx";
import { LinkProblem } from "./link-problem.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useScreen } from "../kit/use-screen.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";

interface JoinProps {
  readonly inviter: string | null;
  readonly me: Me;
  readonly onDone: (conversation: ConversationId) => void;
}

/** A patient who has an account already: nothing to fill in. */
export function JoinSignedIn({ inviter, me, onDone }: JoinProps) {
  const { onboarding } = useModels();
  const { busy, failure, run } = useAction();
  const t = text().onboarding;
  const name = inviter ?? t.someNutritionist;
  const title = t.joinTitle(name);
  const heading = useScreen(title);

  const join = async (): Promise<void> => {
    const done = await run(() => onboarding.joinSignedIn());
    if (done) onDone(done.value.conversation);
  };

  if (failure.value?.problem === "link_altered") {
    return <LinkProblem link={{ kind: "patient", state: "altered", inviter }} />;
  }
  return (
    <div class="stack">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <div class="inviter">
        <Avatar name={name} size="medium" />
        <b dir="auto">{name}</b>
        <span class="hint">{t.inviterRole}</span>
      </div>
      <p class="quiet">{t.joinIntro(me.name)}</p>
      <div class="bottom">
        <Problem failure={failure.value} />
        <Button kind="primary" large wide busy={busy.value} onClick={() => void join()}>
          {t.join}
        </Button>
      </div>
    </div>
  );
}

interface OtherProps {
  readonly me: Me;
  readonly onSignedOut: () => void;
  readonly onLeave: () => void;
}

/** The link makes an account of its own, and one account has one role (I6). */
export function OtherAccount({ me, onSignedOut, onLeave }: OtherProps) {
  const { signIn } = useModels();
  const { busy, failure, run } = useAction();
  const t = text().onboarding;
  const heading = useScreen(t.otherAccountTitle);

  const signOut = async (): Promise<void> => {
    if (await run(() => signIn.signOut())) onSignedOut();
  };

  return (
    <div class="stack">
      <h1 ref={heading} tabIndex={-1}>
        {t.otherAccountTitle}
      </h1>
      <p class="quiet">{t.otherAccountIntro(me.name)}</p>
      <div class="bottom">
        <Problem failure={failure.value} />
        <Button kind="primary" large wide onClick={onLeave}>
          {t.toConversations}
        </Button>
        <Button large wide busy={busy.value} onClick={() => void signOut()}>
          {t.signOutFirst}
        </Button>
      </div>
    </div>
  );
}
