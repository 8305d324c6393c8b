/**
 * What is wrong with a query, each thing once: our own findings, and Microsoft's in our words.
 */
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { type Diagnostic, type DiagnosticSeverity, diagnose } from '../../diagnostic/diagnostic.ts';
import { nearestName } from '../../diagnostic/nearest.ts';
import type { Span } from '../../diagnostic/span.ts';
import type { BinderDiagnostic } from './adapter.ts';
import { TABLE_OPERATORS } from './table-operators.ts';
import { FAILED, type Term } from './term.ts';

/** More than this of one query nobody reads. */
const MOST_PROBLEMS = 100;

export class Problems {
  private readonly found = new Map<string, Diagnostic>();
  /** Where the first operator begins that there is not: what follows was not read as it was meant. */
  private lostAt = Number.POSITIVE_INFINITY;

  /** In the order of the text. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.found.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  }

  report(code: DiagnosticCode, span: Span, message: string, hint?: string): void {
    this.add(code, 'error', span, message, hint);
  }

  warn(code: DiagnosticCode, span: Span, message: string, hint?: string): void {
    this.add(code, 'warning', span, message, hint);
  }

  note(code: DiagnosticCode, span: Span, message: string): void {
    this.add(code, 'info', span, message);
  }

  /** Takes over a finding; an earlier one of the same place stays. */
  take({ code, severity, span, message, hint }: Diagnostic): void {
    this.add(code, severity, span, message, hint);
  }

  /** Reports an operator that there is not, and nothing but such behind it. */
  misspelt(span: Span, word: string): void {
    if (this.found.size >= MOST_PROBLEMS) return;
    this.lostAt = Math.min(this.lostAt, span.end);
    const near = nearestName(word.toLowerCase(), OPERATOR_NAMES);
    const hint = near === undefined ? undefined : `Did you mean ${near}?`;
    const key = ` ${span.start} ${span.end}`;
    this.found.set(key, diagnose('kusto-syntax', 'error', `There is no operator “${cut(word)}”.`, span, hint));
  }

  /** Reports an error; the term that stands for what is wrong. */
  failed(code: DiagnosticCode, span: Span, message: string, hint?: string): Term {
    this.report(code, span, message, hint);
    return FAILED;
  }

  private add(code: DiagnosticCode, severity: DiagnosticSeverity, span: Span, message: string, hint?: string): void {
    if (this.found.size >= MOST_PROBLEMS || span.start >= this.lostAt) return;
    // One error a place: what the binder and we both see is said once, in the words of the first.
    const key = `${severity === 'error' ? '' : code} ${span.start} ${span.end}`;
    if (!this.found.has(key)) this.found.set(key, diagnose(code, severity, message, span, hint));
  }
}

const OPERATOR_NAMES: readonly string[] = [...new Set(TABLE_OPERATORS.map((each) => each.split(' ', 1)[0] ?? ''))];

/** Names a query may use, for suggestions. */
export interface KnownNames {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  readonly functions: readonly string[];
}

/**
 * Takes over what the parser and the binder found.
 * @param sources where tables are named
 */
export function addBinderProblems(
  problems: Problems,
  text: string,
  diagnostics: readonly BinderDiagnostic[],
  sources: readonly Span[],
  names: KnownNames,
): void {
  for (const { code, span } of diagnostics) {
    const word = text.slice(span.start, span.end);
    if (code === NO_OPERATOR && /^[a-z]/i.test(word)) problems.misspelt(span, word);
  }
  for (const { code, severity, message, span } of diagnostics) {
    if (severity === 'Warning') problems.warn('kusto-warning', span, sentence(message));
    if (severity !== 'Error') continue;
    const word = text.slice(span.start, span.end);
    switch (code) {
      case 'KS142':
        if (sources.some(({ start, end }) => start === span.start && end === span.end)) {
          reportName(problems, span, word, names.tables, 'kusto-table-unknown', 'There is no table');
          break;
        }
        reportName(problems, span, word, names.columns, 'kusto-name-unknown', 'There is no column or variable');
        break;
      case 'KS204':
        reportName(
          problems,
          span,
          NAMED.exec(message)?.[1] ?? word,
          names.tables,
          'kusto-table-unknown',
          'There is no table',
        );
        break;
      case 'KS211':
        reportName(problems, span, word, names.functions, 'kusto-function-unknown', 'There is no function');
        break;
      case 'KS245':
        problems.report('kusto-too-deep', span, 'The query is nested too deeply.');
        break;
      case 'KS106':
      case 'KS107':
      case 'KS108':
      case 'KS109':
        problems.report('kusto-type', span, sentence(message));
        break;
      default:
        problems.report('kusto-syntax', span, sentence(message), word === '\\' ? BACKSLASH : undefined);
    }
  }
}

/** “Query operator expected.” */
const NO_OPERATOR = 'KS176';

/** `table(T)` names it by a value. */
const NAMED = /^The name '(.+?)' does not refer/;

const BACKSLASH = 'In "…" a backslash is written \\\\; in @"…" it stands for itself.';

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function reportName(
  problems: Problems,
  span: Span,
  word: string,
  known: readonly string[],
  code: DiagnosticCode,
  message: string,
): void {
  const near = nearestName(
    word,
    known.filter((name) => name !== word),
  );
  const hint =
    near !== undefined
      ? `Did you mean ${near}?`
      : known.length > 0 && known.length <= 10
        ? `There are ${known.join(', ')}.`
        : 'Names mind upper and lower case.';
  problems.report(code, span, `${message} “${cut(word)}”.`, hint);
}

function cut(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}
