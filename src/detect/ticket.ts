/**
 * An alert as the text of a ticket, in Markdown: what happened, where, why it alerted, whose rule it is, where the
 * process came from, what people wrote and decided.
 *
 * Everything that an event or a rule says may be an attacker's: a line of it is shown as code, in a run of backquotes
 * longer than any within it; several lines stand in a fence of the same kind; prose has Markdown's characters escaped.
 * So nothing of it becomes a heading, a link, an image, HTML or a mention.
 */
import { shownText } from '../diagnostic/shown-text.ts';
import { valuesAt } from '../event/field-path.ts';
import type { Alert, AlertStatus, CloseReason } from './alert.ts';
import type { AlertNote, StepDone } from './triage.ts';

export interface TicketParts {
  readonly alert: Alert;
  readonly status: AlertStatus;
  readonly close_reason?: CloseReason;
  readonly comment?: string;
  readonly history: readonly TicketDecision[];
  readonly notes: readonly AlertNote[];
  readonly steps_done: readonly StepDone[];
  /** The rule's response steps. */
  readonly response: readonly string[];
}

export interface TicketDecision {
  readonly time: string;
  readonly status: AlertStatus;
  readonly close_reason?: CloseReason;
  readonly comment?: string;
  readonly by?: string;
}

const LONGEST_LINE = 1_000;
const LONGEST_TEXT = 4_000;
const MOST_VALUES = 20;

export function ticketText(parts: TicketParts): string {
  const { alert } = parts;
  const sections = [
    `# ${prose(alert.reason)}`,
    factsOf(parts),
    section('Command', commandOf(alert)),
    section('Why it alerted', evidenceOf(alert)),
    section('Where it came from', ancestryOf(alert)),
    section('Response', stepsOf(parts)),
    section(
      'Notes',
      parts.notes.map((note) => `${prose(note.by)}, ${note.time}:\n\n${fenced(note.text)}`).join('\n\n'),
    ),
    section('Decisions', parts.history.map(decisionOf).join('\n')),
  ];
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`;
}

function factsOf({ alert, status, close_reason, comment }: TicketParts): string {
  const event = alert.events.at(-1) ?? {};
  const first = (field: string): string | undefined => valuesAt(event, field)[0]?.toString();
  const { rule } = alert;
  const facts: (readonly [string, string | undefined])[] = [
    ['When', code(alert.original_time)],
    ['Host', inCode(first('host.name'))],
    ['User', inCode(first('user.name') ?? first('user.id'))],
    ['Severity', `${alert.severity}, risk ${alert.risk_score} of 100`],
    ['Status', `${status}${close_reason === undefined ? '' : `: ${close_reason.replaceAll('_', ' ')}`}`],
    ['Comment', comment === undefined ? undefined : prose(comment)],
    ['Rule', `${prose(rule.name)} (${code(rule.id)}${rule.version === undefined ? '' : `, version ${rule.version}`})`],
    ['Author', rule.author.length === 0 ? undefined : prose(rule.author.join(', '))],
    ['Licence', rule.license === undefined ? undefined : prose(rule.license)],
    ['References', rule.reference.length === 0 ? undefined : rule.reference.slice(0, MOST_VALUES).map(code).join(' ')],
    ['ATT&CK', attackOf(alert)],
    ['Alert', code(alert.id)],
    ['Sample', alert.sample === true ? 'yes: not a real alert' : undefined],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`- **${name}:** ${value}`])).join('\n');
}

function attackOf({ threat }: Alert): string | undefined {
  const names = threat.flatMap(({ tactic, technique }) => [
    `${tactic.name} (${tactic.id})`,
    ...technique.flatMap(({ id, name, subtechnique }) => [
      `${name} (${id})`,
      ...subtechnique.map((sub) => `${sub.name} (${sub.id})`),
    ]),
  ]);
  return names.length === 0 ? undefined : prose([...new Set(names)].join(', '));
}

function commandOf(alert: Alert): string {
  const event = alert.events.at(-1) ?? {};
  const command = valuesAt(event, 'process.command_line')[0]?.toString() ?? valuesAt(event, 'process.args').join(' ');
  return command === '' ? '' : fenced(command);
}

function evidenceOf({ evidence }: Alert): string {
  return Object.entries(evidence.fields)
    .slice(0, MOST_VALUES)
    .map(
      ([field, values]) =>
        `- ${code(field)}: ${values
          .slice(0, MOST_VALUES)
          .map(({ value }) => code(value))
          .join(', ')}`,
    )
    .join('\n');
}

/** Oldest first, the process itself last. */
function ancestryOf({ ancestry, events }: Alert): string {
  const event = events.at(-1) ?? {};
  const self = valuesAt(event, 'process.command_line')[0]?.toString() ?? valuesAt(event, 'process.name')[0]?.toString();
  const lines = [...ancestry].reverse().map((process) => {
    const line = process.command_line ?? process.executable ?? process.name ?? 'unknown';
    const pid = process.pid === undefined ? '' : ` (pid ${process.pid}${process.derived === true ? ', derived' : ''})`;
    return `${code(line)}${pid}`;
  });
  if (lines.length === 0) return '';
  return [...lines, ...(self === undefined ? [] : [code(self)])]
    .map((line, depth) => `${depth + 1}. ${line}`)
    .join('\n');
}

function stepsOf({ response, steps_done: done }: TicketParts): string {
  const known = [...new Set([...response, ...done.map((one) => one.step)])];
  return known
    .map((text) => {
      const by = done.find((one) => one.step === text);
      return `- [${by === undefined ? ' ' : 'x'}] ${step(text)}${by === undefined ? '' : ` (${prose(by.by)}, ${by.time})`}`;
    })
    .join('\n');
}

function decisionOf({ time, status, close_reason, comment, by }: TicketDecision): string {
  const reason = close_reason === undefined ? '' : `: ${close_reason.replaceAll('_', ' ')}`;
  const words = comment === undefined ? '' : `: “${prose(comment)}”`;
  return `- ${time} ${status}${reason}${by === undefined ? '' : ` by ${prose(by)}`}${words}`;
}

function section(title: string, text: string): string {
  return text === '' ? '' : `## ${title}\n\n${text}`;
}

function inCode(text: string | undefined): string | undefined {
  return text === undefined ? undefined : code(text);
}

/** One line, as it stands. */
function code(text: string): string {
  const line = shownText(text, LONGEST_LINE);
  if (line === '') return '(empty)';
  const ticks = '`'.repeat(longestRun(line) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${space}${line}${space}${ticks}`;
}

function fenced(text: string): string {
  const kept = text.slice(0, LONGEST_TEXT).replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
  const fence = '`'.repeat(Math.max(3, longestRun(kept) + 1));
  return `${fence}\n${kept}${text.length > LONGEST_TEXT ? '…' : ''}\n${fence}`;
}

/**
 * One line of words: nothing in it is Markdown, an address to click, or somebody's handle. It stands where a line or an
 * item begins, so what would begin a list, a heading or a quotation there is escaped too.
 */
function prose(text: string): string {
  return shownText(text, LONGEST_LINE)
    .replaceAll(/[\\`*_[\]<>|~&$]/g, '\\$&')
    .replace(/^[#+=-]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replaceAll('://', ':\u200b//')
    .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, -1)}\u200b.`)
    .replaceAll(/[@#](?=\w)/g, '$&\u200b');
}

/** A step of a guide, whose marks of emphasis and code would only be in the way. */
function step(text: string): string {
  return prose(text.replaceAll(/\*\*|`/g, ''));
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
