import type { ConversationId } from "../../app/ids.ts";
import { useSignal } from "@preact/signals";
import type { LinkState, Resumed } from "../../app/view.ts";
import { useAction } from "../kit/use-action.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { NOTICE_VERSION } from "../text/notice-version.ts";
import { FinishStep } from "./finish-step.tsx";
import { KitStep } from "./kit-step.tsx";
import { type ClosedLink, LinkProblem } from "./link-problem.tsx";
import { NameStep } from "./name-step.tsx";
import { ConfirmStep, CreateStep } from "./passkey-step.tsx";
import { Steps } from "./steps.tsx";

export type OpenLink = Extract<LinkState, { state: "open" }>;

type At = "name" | Resumed["step"] | "finish";
const STEP_OF: Record<At, number> = { name: 1, passkey: 2, confirm: 2, code: 3, finish: 3 };
/** Where the browser knows no passkeys, nothing is said of them but that the code stands in for them. */
const STEPS_WITHOUT_PASSKEY = 2;

interface Props {
  readonly link: OpenLink;
  readonly onDone: (conversation: ConversationId | null) => void;
}

/**
 * K10: name and consent, the passkey and its confirmation, the recovery kit, and only then the account. Each step is kept on
 * the device before it is shown: a reload, or the link opened again, goes on where it was.
 */
export function NewAccount({ link, onDone }: Props) {
  const { onboarding, passkeys } = useModels();
  const { resumed } = link;
  const at = useSignal<At>(resumed?.step ?? "name");
  const name = useSignal(resumed?.name ?? link.suggestedName);
  const recoveryCode = useSignal(resumed?.recoveryCode ?? "");
  const closed = useSignal<ClosedLink["state"] | null>(null);
  const preparing = useAction();
  const leaving = useAction();
  const finishing = useAction();

  const prepare = async (): Promise<void> => {
    const done = await preparing.run(() =>
      onboarding.prepare({ name: name.value, notice: NOTICE_VERSION, passkey: passkeys }),
    );
    if (!done) return;
    recoveryCode.value = done.value.recoveryCode;
    at.value = done.value.step;
  };

  const withoutPasskey = async (): Promise<void> => {
    if (await leaving.run(() => onboarding.withoutPasskey())) at.value = "code";
  };

  const finish = async (): Promise<void> => {
    at.value = "finish";
    const done = await finishing.run(() => onboarding.finish());
    if (done) {
      onDone(done.value.conversation);
      return;
    }
    // The invitation may have been used or taken back while the person was reading.
    const problem = finishing.failure.value?.problem;
    if (problem === "invitation_used" || problem === "setup_done") closed.value = "used";
    if (problem === "invitation_withdrawn") closed.value = "withdrawn";
    if (problem === "invitation_expired") closed.value = "expired";
    if (problem === "link_altered") closed.value = "altered";
  };

  if (closed.value !== null) {
    const { kind, inviter } = link;
    return <LinkProblem link={{ kind, inviter, state: closed.value, own: null }} />;
  }

  const inviter = link.inviter ?? text().onboarding.someNutritionist;
  const steps = passkeys ? STEP_OF.finish : STEPS_WITHOUT_PASSKEY;
  return (
    <>
      <Steps now={Math.min(STEP_OF[at.value], steps)} of={steps} />
      {at.value === "name" && (
        <NameStep
          kind={link.kind}
          inviter={inviter}
          name={name.value}
          onName={(value) => {
            name.value = value;
          }}
          busy={preparing.busy.value}
          failure={preparing.failure.value}
          onContinue={() => void prepare()}
        />
      )}
      {at.value === "passkey" && (
        <CreateStep
          onCreated={() => {
            at.value = "confirm";
          }}
          onWithout={() => void withoutPasskey()}
        />
      )}
      {at.value === "confirm" && (
        <ConfirmStep
          onConfirmed={() => {
            at.value = "code";
          }}
          onWithout={() => void withoutPasskey()}
        />
      )}
      {at.value === "code" && (
        <KitStep
          kind={link.kind}
          name={name.value}
          recoveryCode={recoveryCode.value}
          onContinue={() => void finish()}
        />
      )}
      {at.value === "finish" && (
        <FinishStep
          busy={finishing.busy.value}
          failure={finishing.failure.value}
          onRetry={() => void finish()}
          onPasskey={() => {
            at.value = "passkey";
          }}
        />
      )}
    </>
  );
}
