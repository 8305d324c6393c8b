/**
 * A Sigma rule as it was pasted: read as it is where its indentation is there, else with the indentation put back.
 *
 *   part of a text ──repair──▶ YAML ──read──▶ rule, places ──back──▶ places in the text
 */
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { type Span, spanOf } from '../diagnostic/span.ts';
import type { RuleLocator } from './locator.ts';
import type { ParsedRule } from './parsed-rule.ts';
import type { RuleSource } from './rule.ts';
import { hasLostIndentation, repairSigmaIndentation } from './sigma-indentation.ts';

type ReadSigma = (text: string, path: string) => readonly ParsedRule[];

/**
 * @param part of `source.text`, which holds Sigma YAML and nothing else
 * @param read for YAML that is whole
 * @returns documents whose source is `source`, with places in its text
 */
export function readPastedSigma(source: RuleSource, part: Span, read: ReadSigma): readonly ParsedRule[] {
  const written = source.text.slice(part.start, part.end);
  if (!hasLostIndentation(written)) {
    return read(written, source.path).map((parsed) => placed(parsed, source, (offset) => part.start + offset, []));
  }
  const repaired = repairSigmaIndentation(written, part.start);
  if ('diagnostic' in repaired) {
    const at = () => repaired.diagnostic.span;
    return [{ diagnostics: [repaired.diagnostic], locate: { key: at, value: at, query: at } }];
  }
  const message = 'The rule was pasted without its indentation, which has been put back.';
  const hint = 'See with “vedette rule show” that it reads as it was meant.';
  const note = diagnose('sigma-indentation-repaired', 'info', message, spanOf(part.start, part.start), hint);
  return read(repaired.text, source.path).map((parsed) => placed(parsed, source, repaired.toSource, [note]));
}

function placed(
  { kind, rule, draft, diagnostics, locate }: ParsedRule,
  source: RuleSource,
  toSource: (offset: number) => number,
  notes: readonly Diagnostic[],
): ParsedRule {
  const back = ({ start, end }: Span): Span => {
    const from = toSource(start);
    return spanOf(from, Math.max(from, toSource(end)));
  };
  const located: RuleLocator = {
    key: (path) => back(locate.key(path)),
    value: (path) => back(locate.value(path)),
    query: (part) => back(locate.query(part)),
  };
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(rule === undefined ? {} : { rule: { ...withoutOffset(rule), source } }),
    ...(draft === undefined ? {} : { draft: { ...withoutOffset(draft), source } }),
    diagnostics: [...diagnostics.map((diagnostic) => ({ ...diagnostic, span: back(diagnostic.span) })), ...notes],
    locate: located,
  };
}

/** The query is not a part of the source any more, or not where it was. */
function withoutOffset<T extends { readonly queryOffset?: number }>({
  queryOffset,
  ...rest
}: T): Omit<T, 'queryOffset'> {
  return rest;
}
