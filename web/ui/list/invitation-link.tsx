import { Button } from "../kit/button.tsx";
import { CopyField } from "../kit/copy.tsx";
import { Qr } from "../kit/qr.tsx";
import { fullDate } from "../text/dates.ts";
import { locale, text } from "../text/language.ts";
import "../styles/invitation.css";

interface Props {
  readonly link: string;
  readonly name: string;
  readonly expiresAt?: number;
}

/** The link to hand over, as text and as a picture. */
export function InvitationLink({ link, name, expiresAt }: Props) {
  const t = text().invite;
  return (
    <div class="invitation-link">
      <p>
        {t.linkHelp(name)}
        {expiresAt !== undefined && ` ${t.until(fullDate(locale.value, expiresAt))}`}
      </p>
      <CopyField label={t.link} value={link} />
      {"share" in navigator && (
        <Button icon="share" wide onClick={() => void share(link)}>
          {text().common.share}
        </Button>
      )}
      <Qr value={link} label={t.qr} />
    </div>
  );
}

async function share(link: string): Promise<void> {
  try {
    await navigator.share({ title: text().invite.shareText, url: link });
  } catch {
    // Closed without sharing; the link is still on the screen.
  }
}
