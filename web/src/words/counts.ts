/** Counts in sentences: numbers with separators, nouns that agree, the headline of the list. */

const NUMBER = new Intl.NumberFormat('en-US');

export function grouped(count: number): string {
  return NUMBER.format(count);
}

/** `1 alert`, `7 alerts`, `no alerts`. */
export function counted(count: number, noun: string): string {
  return count === 0 ? `no ${noun}s` : `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export type StatusFilter = 'decide' | 'closed' | 'all';

/** The list's sentence; `narrowed` when anything but the status filters it. */
export function headline(total: number, status: StatusFilter, narrowed: boolean): string {
  const count = counted(total, 'alert');
  const subject = count.charAt(0).toUpperCase() + count.slice(1);
  const state = status === 'decide' ? ' to decide' : status === 'closed' ? ' closed' : '';
  if (narrowed) return `${subject}${state} ${total === 1 ? 'matches' : 'match'} the filter`;
  if (total === 0 && status === 'decide') return 'Nothing to decide';
  if (total === 0 && status === 'closed') return 'Nothing closed yet';
  return `${subject}${state}`;
}
