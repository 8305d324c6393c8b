/**
 * How names of rule files end, form by form: known without the forms, which are loaded when there is something to read.
 */
import type { RuleForm } from './rule.ts';

interface FileNames {
  /** How names of its files end, in lower case, with the dot. */
  readonly endings: readonly string[];
  /**
   * Endings that its files share with anything else (`.md`): such a file of a folder is read, and taken only where the
   * form recognises it.
   */
  readonly shared?: readonly string[];
  /** Bytes of the largest file, where it holds more than one rule. */
  readonly largest?: number;
}

const FILE_NAMES: Readonly<Record<RuleForm, FileNames>> = {
  'elastic-toml': { endings: ['.toml'] },
  // Elastic's whole rule set has 2,000 rules of some 15 kB.
  'elastic-ndjson': { endings: ['.ndjson'], largest: 32 * 1024 * 1024 },
  'elastic-page': { endings: [], shared: ['.md', '.txt'] },
  'hunting-page': { endings: [], shared: ['.md', '.txt'] },
  'sigma-yaml': { endings: ['.yml', '.yaml'] },
  'sentinel-yaml': { endings: ['.yaml', '.yml'] },
  'sentinel-arm': { endings: [], shared: ['.json'] },
};

const ALL = Object.values(FILE_NAMES);

/** Elastic's largest rule has 60 kB; this keeps out what was never meant as one. */
const LARGEST_FILE = 1024 * 1024;

/** How names of rule files end. */
export const RULE_FILE_ENDINGS: readonly string[] = [...new Set(ALL.flatMap(({ endings }) => endings))];

/** Endings of files that may hold a rule, and mostly hold something else. */
const SHARED_ENDINGS: readonly string[] = [...new Set(ALL.flatMap(({ shared = [] }) => shared))];

const READ = new Map<string, boolean | 'perhaps'>([
  ...SHARED_ENDINGS.map((ending) => [ending, 'perhaps'] as const),
  ...RULE_FILE_ENDINGS.map((ending) => [ending, true] as const),
]);

/** Whether a file of a folder is read: `perhaps` where its text has to be recognised first. */
export function isRuleFile(name: string): boolean | 'perhaps' {
  const dot = name.lastIndexOf('.');
  return dot === -1 ? false : (READ.get(name.slice(dot).toLowerCase()) ?? false);
}

/** Whether the name is one that files of the form have. */
export function isNamedAs(form: RuleForm, name: string): boolean {
  return endsWithOne(name, FILE_NAMES[form].endings);
}

/**
 * Bytes that a file of this name may have.
 * @param size where it has fewer than any may, nobody looks at the name
 */
export function largestFile(name: string, size = Number.POSITIVE_INFINITY): number {
  if (size <= LARGEST_FILE) return LARGEST_FILE;
  const named = ALL.filter(({ endings }) => endsWithOne(name, endings));
  return Math.max(LARGEST_FILE, ...named.map(({ largest = 0 }) => largest));
}

/** How names of the form’s files end, the most usual first; undefined where files of any kind hold it. */
export function usualEnding(form: RuleForm): string | undefined {
  return FILE_NAMES[form].endings[0];
}

function endsWithOne(name: string, endings: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}
