/** What the alert becomes elsewhere: text for a ticket, an exception. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { getTicket } from '../api/client.ts';
import { ActionButton } from '../parts/action-button.tsx';
import pageStyles from '../parts/page.module.css';
import { useKeys } from '../shell/keys.ts';
import styles from './alert.module.css';

export function TakeAlong({ id }: { readonly id: string }) {
  const navigate = useNavigate();
  const ticket = useMutation({
    mutationFn: async () => {
      const { text } = await getTicket(id);
      const isCopied = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      );
      return { text, isCopied };
    },
  });
  const copy = () => ticket.mutate();
  const except = () => void navigate({ href: `/exceptions/new?alert=${encodeURIComponent(id)}` });
  useKeys({ y: copy, e: except });
  return (
    <>
      <div className={`${pageStyles.actions} ${styles.takeAlong}`}>
        <ActionButton keyName="e" run={except}>
          Exception from this alert…
        </ActionButton>
        <ActionButton keyName="y" run={copy}>
          {ticket.data?.isCopied === true ? 'Copied as ticket' : 'Copy as ticket'}
        </ActionButton>
      </div>
      <div role="status">
        {ticket.data?.isCopied === false && (
          <>
            <p className={styles.unknown}>The browser does not let it be copied. Here it is:</p>
            <textarea
              className={pageStyles.comment}
              aria-label="The ticket"
              readOnly
              rows={6}
              value={ticket.data.text}
            />
          </>
        )}
      </div>
      {ticket.error !== null && (
        <p className={pageStyles.failure} role="alert">
          No ticket: {ticket.error.message}
        </p>
      )}
    </>
  );
}
