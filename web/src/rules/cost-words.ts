/** What a rule would cost, in sentences. */
import type { RankedCost, StoredRuleCost } from '../../../src/serve/preview-api.ts';
import { counted, grouped } from '../words/counts.ts';

/** Above so large a part of all rules' time it is told what makes a rule cheaper. */
const DEAR = 0.05;

export function costWords(cost: StoredRuleCost): readonly string[] {
  const { events, isCut, rules, onInterval } = cost;
  const late = onInterval.map((name) => {
    const words = `${nameOr(name, cost)} runs on its interval, and looks at no event as it comes.`;
    return words.charAt(0).toUpperCase() + words.slice(1);
  });
  if (rules.length === 0) return late;
  if (events === 0) return [...late, 'No event of that time is stored.'];
  const over = `Over ${isCut ? 'the first ' : ''}${counted(events, 'event')} of that time`;
  return [...late, ...rules.map((rule) => ofRule(rule, cost, over))];
}

function ofRule(rule: RankedCost, cost: StoredRuleCost, over: string): string {
  const { candidates, matches, rank } = rule;
  const subject = nameOr(rule.name, cost);
  if (candidates === 0)
    return `${over} ${subject} was never evaluated: none had what it needs. It costs next to nothing.`;
  const each = (rule.milliseconds * 1_000) / cost.events;
  const parts = [
    `${over} ${subject} was evaluated for ${grouped(candidates)} (${share(candidates / cost.events)}) and matched ${matches === 0 ? 'none' : grouped(matches)}.`,
    `That took ${milliseconds(rule.milliseconds)}, ${each < 0.01 ? 'less than 0.01' : each.toFixed(2)} µs an event:`,
    `${share(rule.share)} of what all ${counted(cost.others + cost.rules.length, 'rule')} take${rank === 1 ? ', and more than any other' : `, and ${counted(rank - 1, 'rule')} cost${rank === 2 ? 's' : ''} more`}.`,
  ];
  if (rule.share > DEAR && rank <= cost.dearest.length && cost.others > 0)
    parts.push('A log source, or a text that is seldom, makes a rule cheaper.');
  return parts.join(' ');
}

/** Of a text with one rule it needs no name. */
function nameOr(name: string, { rules, onInterval }: StoredRuleCost): string {
  return rules.length + onInterval.length === 1 ? 'it' : `“${name}”`;
}

/** `0.2%`, `14%`. */
export function share(part: number): string {
  const percent = part * 100;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  return `${percent.toFixed(percent < 10 ? 1 : 0)}%`;
}

export function milliseconds(ms: number): string {
  if (ms < 0.1) return '<0.1 ms';
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${grouped(Math.round(ms))} ms`;
}
