/**
 * What can be said of a detection's values before it runs: values that can never match, or match everything, and
 * wildcards that do nothing. Nothing here changes what a rule matches, so nothing here is an error.
 *
 * Each check says only what is certain of the field and the value at hand; a doubtful one is left out.
 */
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import type { Span } from '../../diagnostic/span.ts';
import type { YamlScalar } from '../yaml.ts';
import type { Search, SearchItem, SigmaDetection } from './ast.ts';
import { parsePattern } from './pattern.ts';

/** Fields that hold the full path of a file, in which Windows allows no *. */
const PATH_FIELDS: ReadonlySet<string> = new Set([
  ...['Image', 'ParentImage', 'SourceImage', 'TargetImage', 'ImageLoaded', 'TargetFilename'],
  ...['CurrentDirectory', 'NewProcessName', 'ParentProcessName'],
]);

/** Of these the whole path is always given. */
const IMAGE_FIELDS: ReadonlySet<string> = new Set([
  'Image',
  'ParentImage',
  'SourceImage',
  'TargetImage',
  'ImageLoaded',
]);

const RELATIONS = ['contains', 'startswith', 'endswith'] as const;

/** Characters of a digest in hexadecimal. */
const DIGESTS: ReadonlyMap<string, number> = new Map([
  ['MD5', 32],
  ['SHA1', 40],
  ['SHA256', 64],
  ['IMPHASH', 32],
]);

export function checkValues({ searches, logSource }: SigmaDetection): readonly Diagnostic[] {
  const items = [...searches.values()].flatMap(({ search }) => itemsOf(search));
  return items.flatMap((item) => [...checkItem(item, logSource.product === 'windows')]);
}

function* checkItem(item: SearchItem, isWindows: boolean): Iterable<Diagnostic> {
  const names = item.modifiers.map(({ name }) => name);
  const relation = RELATIONS.find((one) => names.includes(one));
  const isPlain = names.every((name) => ['all', 'cased', 'neq', 'windash', ...RELATIONS].includes(name));
  yield* checkRepeated(item, names.includes('cased') || names.includes('re'));
  if (!isPlain) return;
  for (const scalar of item.values) {
    if (typeof scalar.value !== 'string') continue;
    yield* checkWildcards(scalar.value, relation, item.field === undefined, scalar.span);
    if (item.field === undefined) continue;
    if (isWindows) yield* checkPath(item.field, scalar.value, relation, scalar.span);
    if (item.field === 'Hashes') yield* checkDigest(scalar.value, scalar.span);
  }
}

function* checkRepeated({ values }: SearchItem, isExact: boolean): Iterable<Diagnostic> {
  const seen = new Set<string>();
  for (const { value, span } of values) {
    const key = JSON.stringify(typeof value === 'string' && !isExact ? value.toLowerCase() : value);
    if (seen.has(key)) {
      const message = `The value ${short(String(value))} stands here twice.`;
      const hint = isExact ? undefined : 'Texts are compared without regard to case.';
      yield diagnose('sigma-value-repeated', 'info', message, span, hint);
    }
    seen.add(key);
  }
}

function* checkWildcards(
  text: string,
  relation: (typeof RELATIONS)[number] | undefined,
  isKeyword: boolean,
  span: Span,
): Iterable<Diagnostic> {
  const pattern = parsePattern(text);
  if (pattern.length > 0 && pattern.every((part) => part === '*')) {
    const hint = isKeyword ? undefined : 'Write exists: true where that is meant.';
    yield diagnose('sigma-wildcard-every', 'info', 'A value of wildcards alone holds for every value.', span, hint);
    return;
  }
  const atStart = pattern[0] === '*' && (relation === 'contains' || relation === 'endswith');
  const atEnd = pattern.at(-1) === '*' && (relation === 'contains' || relation === 'startswith');
  if (atStart || atEnd) {
    const place = atStart ? (atEnd ? 'at the ends' : 'at the start') : 'at the end';
    const message = `${relation} already means a wildcard ${place}, so this * does nothing.`;
    yield diagnose('sigma-wildcard-redundant', 'warning', message, span, 'Leave it out.');
  } else if (/(?<!\\)\*\*/.test(text)) {
    yield diagnose(
      'sigma-wildcard-redundant',
      'warning',
      'Two * in a row mean the same as one.',
      span,
      'Leave one out.',
    );
  }
}

function* checkPath(
  field: string,
  text: string,
  relation: (typeof RELATIONS)[number] | undefined,
  span: Span,
): Iterable<Diagnostic> {
  if (!PATH_FIELDS.has(field)) return;
  const plain = parsePattern(text).some((part) => typeof part === 'object' && part.text.includes('*'));
  if (plain) {
    const message = `${field} holds a path, in which no * stands, so this value never matches.`;
    const hint = 'A backslash before * makes it a plain character; for a backslash and a wildcard write \\\\*.';
    yield diagnose('sigma-value-never', 'warning', message, span, hint);
  } else if (relation === undefined && IMAGE_FIELDS.has(field) && /^[^\\/*?]+\.(?:exe|dll|sys)$/i.test(text)) {
    const message = `${field} holds the whole path of a file, so a name alone never equals it.`;
    yield diagnose('sigma-value-never', 'warning', message, span, `Write ${field}|endswith: '\\${short(text)}'.`);
  } else if (text.includes('/') && /^(?:[A-Za-z]:)?\/[\w ./-]+$/.test(text) && IMAGE_FIELDS.has(field)) {
    const message = `${field} of Windows holds paths with backslashes, so this value never matches.`;
    yield diagnose('sigma-value-never', 'warning', message, span, 'Write \\ for /.');
  }
}

/** `MD5=…` in Sysmon's Hashes: digests have a length, and a part of one may stand there, but no more. */
function* checkDigest(text: string, span: Span): Iterable<Diagnostic> {
  const [, algorithm = '', digest = ''] = /^\*?(MD5|SHA1|SHA256|IMPHASH)=([^*?,]*)\*?$/i.exec(text) ?? [];
  const length = DIGESTS.get(algorithm.toUpperCase());
  if (length === undefined || (digest.length <= length && /^[0-9a-f]*$/i.test(digest))) return;
  const what = digest.length > length ? `has ${digest.length}` : 'has others';
  const message = `A digest of ${algorithm.toUpperCase()} has ${length} hexadecimal characters; this ${what}, so it never matches.`;
  yield diagnose('sigma-value-never', 'warning', message, span);
}

function itemsOf(search: Search): readonly SearchItem[] {
  return search.kind === 'item' ? [search] : search.children.flatMap(itemsOf);
}

function short(text: YamlScalar['value']): string {
  const shown = String(text);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}
