/**
 * Places in an Elastic rule TOML by the property of the document that they became.
 */
import { NO_SPAN, type Span } from '../diagnostic/span.ts';
import { ELASTIC_KEY } from './elastic-keys.ts';
import type { DocumentPath, RuleLocator } from './locator.ts';
import { partOfString, type TomlPath, type TomlPlace, TomlPlaces } from './toml-positions.ts';

/** The text is scanned when the first place is asked for: a rule without findings never pays. */
export function elasticLocator(text: string): RuleLocator {
  let scanned: TomlPlaces | undefined;
  const find = (path: DocumentPath): TomlPlace | undefined => {
    scanned ??= new TomlPlaces(text);
    return scanned.find(tomlPath(path));
  };
  const partOf = (path: DocumentPath, part: Span): Span => {
    const value = find(path)?.value;
    const quoted = value !== undefined && /["']/.test(text[value.start] ?? '');
    return quoted ? partOfString(text, value, part) : (value ?? NO_SPAN);
  };
  return {
    key: (path) => find(path)?.key ?? NO_SPAN,
    value: (path) => find(path)?.value ?? NO_SPAN,
    query: (part) => partOf(['query'], part),
    part: partOf,
  };
}

/** `extra` holds tables under their own names; everything else is a key of `[rule]`. */
function tomlPath([property = '', ...rest]: DocumentPath): TomlPath {
  if (property === 'extra') return rest;
  if (property === 'schedule') return tomlPath(rest);
  const key = (ELASTIC_KEY as Readonly<Record<string, string>>)[property] ?? property;
  return ['rule', key, ...rest];
}
