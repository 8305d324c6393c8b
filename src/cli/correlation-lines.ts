/**
 * The explanation of a rule over several events as lines of a terminal, the nearest to a match first.
 *
 *   ✗ web-1, p-7      No event passed step 2 within 60 s.
 *     1 ✓ 12:00:01  ada ran python3 on web-1
 *     2 ✗ nearest 12:00:09  Connection attempted by python3 as ada on web-1
 *         destination.port is “80”; wanted: “443”.
 */
import { shownText } from '../diagnostic/shown-text.ts';
import type {
  CorrelationExplanation,
  InnerExplanation,
  KeyExplanation,
  NearMiss,
  SeenEvent,
  StepReached,
} from '../engine/correlation-explanation.ts';
import { clauseLines } from './clause-lines.ts';
import { count } from './scan-report.ts';
import type { Style } from './terminal.ts';

const MOST_OBSTACLES = 3;
const LONGEST_KEY = 80;

export function correlationLines(explanation: CorrelationExplanation, look: Style, width: number): readonly string[] {
  const { keys, steps, inner = [] } = explanation;
  return [
    ...askedLines(explanation, width),
    ...stepLines(explanation, look, width),
    '',
    ...keys.flatMap((key) => [...keyLines(key, steps, look, width), '']),
    ...inner.flatMap((one) => innerLines(one, steps, look, width)),
    ...noteLines(explanation, look),
  ];
}

/** What a correlation asks for, and by which fields its events belong together. */
function askedLines({ asks, by }: Pick<CorrelationExplanation, 'asks' | 'by'>, width: number): readonly string[] {
  if (asks === undefined) return [];
  return [shownText(`It asks for ${asks}${by.length === 0 ? '' : `, by ${by.join(', ')}`}.`, width * 2)];
}

/** A correlation in the correlation. */
function innerLines(
  { name, asks, by, matched, keys, all_keys }: InnerExplanation,
  texts: CorrelationExplanation['steps'],
  look: Style,
  width: number,
): readonly string[] {
  const more = keys.length < all_keys ? look.dim(` (${keys.length} of ${count(all_keys, 'key', 'keys')})`) : '';
  const head = `${look.bold(shownText(name, LONGEST_KEY))}  ${count(matched, 'match', 'matches')}${more}`;
  return [
    head,
    ...askedLines({ asks, by }, width).map((line) => look.dim(line)),
    ...keys.flatMap((key) => keyLines(key, texts, look, width)),
    '',
  ];
}

function stepLines({ steps }: CorrelationExplanation, look: Style, width: number): readonly string[] {
  return steps.flatMap(({ text, missing, passed, keyless, valueless = 0, nearest }, at) => {
    const without = keyless === 0 ? '' : `, ${count(keyless, 'of them has', 'of them have')} no join key`;
    const unmeasured = valueless === 0 ? '' : `, ${count(valueless, 'has', 'have')} nothing to measure`;
    const passes = look.dim(`${count(passed, 'event passes', 'events pass')}${without}${unmeasured}`);
    const line = `${at + 1} ${shownText(`${missing ? '!' : ''}${text.replace(/^!/, '')}`, width - 30)}  ${passes}`;
    return [line, ...(nearest === undefined ? [] : nearLines(nearest, look, width, '  '))];
  });
}

function keyLines(
  { key, outcome, message, steps, broken_by }: KeyExplanation,
  texts: CorrelationExplanation['steps'],
  look: Style,
  width: number,
): readonly string[] {
  const name = shownText(key.map((value) => value ?? 'nothing').join(', '), LONGEST_KEY);
  const mark = outcome === 'matched' ? look.green('✓') : look.red('✗');
  const isAway = ({ step }: StepReached): boolean => texts[step]?.missing === true;
  const isOpen = (reached: StepReached): boolean => reached.event === undefined && !isAway(reached);
  // It came, but when it did not count: it stands where it was wanted.
  const open = outcome === 'too-late' || outcome === 'out-of-order' ? steps.find(isOpen) : undefined;
  const broken =
    broken_by === undefined || outcome === 'matched' || open !== undefined
      ? []
      : [`    ${look.red('✗')} ${eventLine(broken_by, look, width)}`];
  return [
    `${mark} ${name === '' ? '' : `${look.bold(name)}  `}${shownText(message, width)}`,
    ...steps.flatMap((reached) =>
      reached === open && broken_by !== undefined
        ? [`  ${reached.step + 1} ${look.red('✗')} ${eventLine(broken_by, look, width)}`]
        : reachedLines(reached, outcome, isAway(reached), look, width),
    ),
    ...broken,
  ];
}

function reachedLines(
  { step, event, trace, nearest }: StepReached,
  outcome: KeyExplanation['outcome'],
  isAway: boolean,
  look: Style,
  width: number,
): readonly string[] {
  const number = `  ${step + 1}`;
  if (event !== undefined) {
    const clauses = outcome === 'matched' && trace !== undefined ? clauseLines(trace, look, 3) : [];
    return [`${number} ${look.green('✓')} ${eventLine(event, look, width)}`, ...clauses];
  }
  if (isAway)
    return [
      `${number} ${outcome === 'matched' ? look.green('✓') : look.dim('–')} ${look.dim('stayed away, or has to')}`,
    ];
  if (nearest === undefined) return [`${number} ${look.red('✗')} ${look.dim('nothing like it came')}`];
  return [`${number} ${look.red('✗')}${nearLines(nearest, look, width, ' ').join('\n     ')}`];
}

function nearLines(nearest: NearMiss, look: Style, width: number, indent: string): readonly string[] {
  const told = nearest.obstacles
    .slice(0, MOST_OBSTACLES)
    .map(({ message }) => `${indent}  ${shownText(message, width)}`);
  return [`${indent}${look.dim('nearest')} ${eventLine(nearest, look, width - indent.length)}`, ...told];
}

function eventLine({ time, sentence }: SeenEvent, look: Style, width: number): string {
  return `${look.dim(time.slice(0, 19).replace('T', ' '))}  ${shownText(sentence, width - 26)}`;
}

function noteLines({ unread, unread_streams, dropped }: CorrelationExplanation, look: Style): readonly string[] {
  const notes: string[] = [];
  if (unread > 0) {
    const where = shownText(unread_streams.join(', '), 200);
    notes.push(`The rule’s index patterns leave ${count(unread, 'event', 'events')} out (${where}).`);
  }
  if (dropped > 0) notes.push(`${count(dropped, 'key was', 'keys were')} given up for want of memory.`);
  return notes.map((note) => look.dim(note));
}
