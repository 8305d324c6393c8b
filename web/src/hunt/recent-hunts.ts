/** The last hunts, kept in the browser: they are the reader's own, and the service need not know them. */
import { useSyncExternalStore } from 'react';
import type { HuntLanguage } from '../../../src/serve/hunt-api.ts';
import { LANGUAGES } from './hunt-search.ts';

export interface RecentHunt {
  readonly language: HuntLanguage;
  readonly text: string;
}

const KEY = 'vedette-hunts';
const MOST = 12;
/** Longer queries are not kept: the browser's room is small. */
const LONGEST = 8_000;

let known: { readonly kept: string; readonly hunts: readonly RecentHunt[] } = { kept: '', hunts: [] };
const listeners = new Set<() => void>();

export function useRecentHunts(): readonly RecentHunt[] {
  return useSyncExternalStore(subscribe, read);
}

/** The newest stands first; one that is asked again moves there. */
export function rememberHunt(hunt: RecentHunt): void {
  if (hunt.text.length > LONGEST) return;
  const others = read().filter(({ language, text }) => language !== hunt.language || text !== hunt.text);
  write([hunt, ...others].slice(0, MOST));
}

export function forgetHunts(): void {
  write([]);
}

function write(hunts: readonly RecentHunt[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(hunts));
  } catch {
    // A browser that keeps nothing has no recent hunts.
  }
  for (const listener of listeners) listener();
}

function read(): readonly RecentHunt[] {
  let kept = '';
  try {
    kept = localStorage.getItem(KEY) ?? '';
  } catch {
    return known.hunts;
  }
  if (kept !== known.kept) known = { kept, hunts: parsed(kept) };
  return known.hunts;
}

function parsed(kept: string): readonly RecentHunt[] {
  try {
    const value: unknown = JSON.parse(kept);
    return Array.isArray(value) ? value.filter(isHunt).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function isHunt(value: unknown): value is RecentHunt {
  if (typeof value !== 'object' || value === null) return false;
  const { language, text } = value as Partial<Record<keyof RecentHunt, unknown>>;
  return typeof text === 'string' && LANGUAGES.some((each) => each === language);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
