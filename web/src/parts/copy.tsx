/** Lines to take along: a command to type, a document to keep. */
import { useClipboard } from '@mantine/hooks';
import styles from './parts.module.css';

export function CopyButton({
  text,
  what,
  className,
}: {
  readonly text: string;
  readonly what: string;
  readonly className?: string | undefined;
}) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <button
      type="button"
      className={[styles.quiet, className].join(' ')}
      aria-label={clipboard.copied ? 'Copied' : `Copy ${what}`}
      onClick={() => clipboard.copy(text)}
    >
      {clipboard.copied ? 'Copied' : 'Copy'}
    </button>
  );
}

export function CommandLine({ children }: { readonly children: string }) {
  return (
    <div className={styles.copyLine}>
      <code>{children}</code>
      <CopyButton text={children} what="the command" />
    </div>
  );
}
