import { InvalidArgumentError } from 'commander';

/** A whole number from an option's text. */
export function toCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}
