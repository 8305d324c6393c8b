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

  /** Places of which no error is told. */
  private readonly passed = new Set<string>();

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

  /** What is wrong there follows from what is told elsewhere. */
  passOver({ start, end }: Span): void {
    const key = ` ${start} ${end}`;
    this.passed.add(key);
    this.found.delete(key);
  }

  /** Reports where the query stopped being read as one; nothing behind it. */
  lost(span: Span, message: string, hint: string): void {
    if (span.start >= this.lostAt) return;
    this.report('kusto-syntax', span, message, hint);
    this.lostAt = Math.min(this.lostAt, span.start);
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
    if (!this.found.has(key) && !this.passed.has(key))
      this.found.set(key, diagnose(code, severity, message, span, hint));
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
  const end = diagnostics.find(({ message }) => message === NOT_JOINED)?.span;
  if (end !== undefined) reportEnd(problems, text, end);
  for (const { code, severity, message, span } of diagnostics) {
    if (severity === 'Warning') problems.warn('kusto-warning', span, sentence(message));
    if (severity !== 'Error') continue;
    if (message === NOT_JOINED) continue;
    // What was taken for the whole condition is half of one.
    if (end !== undefined && NO_CONDITION.test(message) && text.slice(span.end, end.start).trim() === '')
      problems.passOver(span);
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
        problems.report('kusto-syntax', span, sentence(message), hintFor(word, message));
    }
  }
}

/** “Query operator expected.” */
const NO_OPERATOR = 'KS176';

/** The parser's word for text behind what it took for the end of a query. */
const NOT_JOINED = 'Expected: ;';

/** Says of such text what is missing, by the word that it begins with. */
function reportEnd(problems: Problems, text: string, { start, end }: Span): void {
  const [, blank = '', word = ''] = /^(\s*)([a-z][\w~-]*)?/i.exec(text.slice(start)) ?? [];
  const at = start + blank.length;
  const span = word === '' ? { start, end } : { start: at, end: at + word.length };
  if (OPERATOR_NAMES.includes(word)) {
    problems.lost(span, `A | is missing before “${word}”.`, 'Each operator over a table begins with |.');
    return;
  }
  const near = nearestName(word.toLowerCase(), BETWEEN_VALUES);
  if (near === undefined)
    problems.lost(span, 'The query was complete before this.', 'An operator (==, has, contains, …) or a | is missing.');
  else problems.lost(span, `There is no operator “${cut(word)}”.`, `Did you mean ${near}?`);
}

const BETWEEN_VALUES: readonly string[] = `contains contains_cs startswith startswith_cs endswith endswith_cs has has_cs
hasprefix hassuffix has_any has_all in between matches and or`.split(/\s+/);

const NO_CONDITION = /must have the type bool/;

/** What is meant by what other languages write. */
function hintFor(word: string, message: string): string | undefined {
  if (word === '\\') return BACKSLASH;
  if (word === '&') return 'Conditions are joined by and, or.';
  if (NO_CONDITION.test(message) && /^[\w.[\]'"]+\s*=(?![=~])/.test(word))
    return 'Equal is written ==, or =~ where upper and lower case are alike.';
  return undefined;
}

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
