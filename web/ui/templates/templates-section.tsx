import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type TemplateView, TEMPLATES_LIMIT } from "../../app/drafts-view.ts";
import { Button } from "../kit/button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { Problem } from "../kit/problem.tsx";
import { useAction } from "../kit/use-action.ts";
import { useModels } from "../state/models-context.ts";
import { text } from "../text/language.ts";
import { TemplateForm } from "./template-form.tsx";
import "../styles/templates.css";

type Shown =
  | { readonly what: "form"; readonly template: TemplateView | null }
  | { readonly what: "removal"; readonly template: TemplateView }
  | null;

/** A practitioner's templates: made, changed and removed on all their devices. */
export function TemplatesSection() {
  const { templates } = useModels();
  const shown = useSignal<Shown>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const list = templates.list.value;
  const t = text().templates;
  const isFull = list.length >= TEMPLATES_LIMIT.count;
  const close = (): void => {
    shown.value = null;
  };

  useEffect(() => {
    if (location.hash === "#templates") heading.current?.focus();
  }, []);

  return (
    <section>
      <h2 ref={heading} id="templates" tabIndex={-1}>
        {t.title}
      </h2>
      <div class="card">
        <p class="quiet">{list.length === 0 ? `${t.none}. ${t.noneHelp}` : t.help}</p>
        {list.length > 0 && (
          <ul class="template-list">
            {list.map((template) => (
              <li key={template.id}>
                <div>
                  <h3 dir="auto">{template.name}</h3>
                  <p class="template-text" dir="auto">
                    {template.text}
                  </p>
                </div>
                <Button
                  kind="plain"
                  label={t.editNamed(template.name)}
                  onClick={() => (shown.value = { what: "form", template })}
                >
                  {t.edit}
                </Button>
                <Button
                  kind="plain"
                  label={t.removeNamed(template.name)}
                  onClick={() => (shown.value = { what: "removal", template })}
                >
                  {t.remove}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {list.length > 0 && (
          <p class="hint numbers">
            {t.used(list.length, TEMPLATES_LIMIT.count)}
            {isFull && ` · ${t.full}`}
          </p>
        )}
        <div class="actions">
          <Button
            kind="plain"
            icon="plus"
            disabled={isFull}
            onClick={() => (shown.value = { what: "form", template: null })}
          >
            {t.add}
          </Button>
        </div>
      </div>
      {shown.value?.what === "form" && (
        <TemplateForm template={shown.value.template} onClose={close} />
      )}
      {shown.value?.what === "removal" && (
        <Removal
          template={shown.value.template}
          onClose={() => {
            close();
            // The button that led here may be gone with its template.
            requestAnimationFrame(() => {
              if (document.activeElement === document.body) heading.current?.focus();
            });
          }}
        />
      )}
    </section>
  );
}

function Removal({ template, onClose }: { template: TemplateView; onClose: () => void }) {
  const { templates } = useModels();
  const { busy, failure, run } = useAction();
  const t = text();
  const remove = async (): Promise<void> => {
    if (await run(() => templates.remove(template.id))) onClose();
  };
  return (
    <Dialog title={t.templates.removeTitle(template.name)} onClose={onClose}>
      <p>{t.templates.removeHelp}</p>
      <Problem failure={failure.value} />
      <div class="actions">
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button kind="danger" busy={busy.value} onClick={() => void remove()}>
          {t.templates.remove}
        </Button>
      </div>
    </Dialog>
  );
}
