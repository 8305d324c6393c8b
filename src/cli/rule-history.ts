/**
 * `vedette rule history`: the revisions of a rule in a data folder, and what is between them. `vedette rule reload`: tells
 * a running service to read its rules again.
 */
import { readServiceAddress } from '../engine/service-address.ts';
import { type DiffHunk, diffTexts } from '../engine/text-diff.ts';
import { openStateStore } from '../store/open-state-store.ts';
import type { RevisionHead, RuleStore } from '../store/rule-store.ts';
import { EXIT } from './exit.ts';
import { printable, type Style, style, type TerminalStream } from './terminal.ts';

type Output = TerminalStream & { write(text: string): unknown };

export interface HistoryOptions {
  readonly data: string;
  readonly json: boolean;
  readonly out: Output;
  readonly errors: Output;
}

const MARKS = { same: ' ', removed: '-', added: '+' } as const;
/** A service with thousands of rules takes seconds. */
const PATIENCE_MS = 120_000;

/** @returns the exit code: 1 where the rule has no revisions. @throws {StoreError} in words */
export async function historyCommand(id: string, { data, json, out, errors }: HistoryOptions): Promise<number> {
  const store = openStateStore(data, { readOnly: true });
  try {
    const heads = store.rules.revisions(id);
    if (heads.length === 0) {
      errors.write(`No revision of a rule with the id ${printable(id)} is kept in ${printable(data)}.\n`);
      return EXIT.found;
    }
    const look = style(out);
    for (const [at, head] of heads.entries()) {
      const hunks = changesTo(id, head, heads[at + 1], store.rules);
      if (json) out.write(`${JSON.stringify({ ...head, ...(hunks === undefined ? {} : { hunks }) })}\n`);
      else out.write(`${page(head, hunks, look).join('\n')}\n\n`);
    }
    return EXIT.ok;
  } finally {
    store.close();
  }
}

/** Nothing for the first that is kept. */
function changesTo(id: string, head: RevisionHead, before: RevisionHead | undefined, store: RuleStore) {
  if (before === undefined) return undefined;
  const [from, to] = [store.revision(id, before.revision), store.revision(id, head.revision)];
  return from === undefined || to === undefined ? undefined : diffTexts(from.text, to.text);
}

function page(head: RevisionHead, hunks: readonly DiffHunk[] | undefined, look: Style): readonly string[] {
  const { revision, time, path, repository, commit, author } = head;
  const facts = [time, author, commit?.slice(0, 12), repository, path].filter((fact) => fact !== undefined);
  const lines = (hunks ?? []).flatMap(({ from_line, to_line, lines: changed }) => [
    look.cyan(`@@ -${from_line} +${to_line} @@`),
    ...changed.map(({ kind, text }) => {
      const line = printable(`${MARKS[kind]}${text}`);
      return kind === 'same' ? look.dim(line) : kind === 'added' ? look.bold(line) : look.red(line);
    }),
  ]);
  return [look.bold(`Revision ${revision}`), `  ${printable(facts.join('  '))}`, ...lines.map((line) => `  ${line}`)];
}

/** @returns the exit code: 2 where no service answers */
export async function reloadCommand({ data, out, errors }: Omit<HistoryOptions, 'json'>): Promise<number> {
  const address = readServiceAddress(data);
  if (address === undefined) {
    errors.write(`No service runs on ${printable(data)}. Start one with vedette start, or name its data folder.\n`);
    return EXIT.failed;
  }
  try {
    const answer = await fetch(new URL('/api/rules/reload', address), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.ok) {
      out.write('The rules were read again.\n');
      return EXIT.ok;
    }
    errors.write(
      `The service at ${address} answered ${answer.status}: ${printable((await answer.text()).slice(0, 200))}\n`,
    );
  } catch (error) {
    errors.write(`The service at ${address} does not answer: ${(error as Error).message}\n`);
  }
  return EXIT.failed;
}
