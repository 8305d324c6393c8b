/**
 * A hunting page cut into its parts: prose, a Sigma rule, a Kusto query, scenarios.
 *
 *   prose · “Detection Rule” · title: … detection: … · Table | where … · Scenario: … Description: … Filter/Exclusion: …
 *
 * Such a page is copied text: headings may be plain lines, code may stand in fences or not, and a fence may be left over
 * at the end. A line that is nothing but a fence belongs to no part.
 */
import { type Span, spanOf } from '../diagnostic/span.ts';
import type { Scenario } from './rule.ts';

export interface HuntingParts {
  /** What stands before the rule, without its heading. */
  readonly prose: Span;
  readonly sigma: Span;
  readonly query?: Span;
  readonly scenarios: readonly Scenario[];
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const RULE_HEADING = /^[#*\t ]*Detection Rule[*:\t ]*$/im;

const ENTRY = /^[#*>\t -]*(Scenario|Description|Filter\/Exclusion|Filter|Exclusion)[*\t ]*:[*\t ]*(.*)$/i;

/** A heading between the rule and the query: `KQL Query`, `## Sentinel (Kusto)`. */
const QUERY_HEADING = /^(?![\w -]+: )[^-|].{0,60}\b(?:KQL|Kusto|Query)\b|^(?:KQL|Kusto|Query)\b[^|]{0,60}$/i;

/** A table, perhaps called like a function, alone or with its first operator; or a definition. */
const QUERY_START = /^(?:let[\t ]+\w+[\t ]*=|[A-Za-z_][\w.]*[\t ]*(?:\([^()]*\)[\t ]*)?(?:\||$))/;

/** A cheap look: a Sigma rule with prose, or with scenarios. */
export function isHuntingPage(text: string): boolean {
  if (!/^[\t ]*detection:[\t ]*\r?$/m.test(text) || !/^[\t ]*title:/m.test(text)) return false;
  return RULE_HEADING.test(text) || /^[#*>\t -]*Scenario[*\t ]*:/im.test(text);
}

/** `undefined` where there is no Sigma rule in the page. */
export function huntingParts(page: string): HuntingParts | undefined {
  const lines = linesOf(page);
  const sigmaAt = lines.findIndex(({ text }) => text.startsWith('title:'));
  const conditionAt = lines.findIndex(({ text }, at) => at > sigmaAt && text.startsWith('condition:'));
  if (sigmaAt === -1) return undefined;
  const firstEntry = lines.findIndex(({ text }, at) => at > sigmaAt && /^[#*>\t -]*Scenario[*\t ]*:/i.test(text));
  const scenariosAt = firstEntry === -1 ? lines.length : firstEntry;
  const found =
    conditionAt === -1
      ? -1
      : lines.findIndex((_, at) => at > conditionAt && at < scenariosAt && startsQuery(lines, at));
  const queryAt = found === -1 ? scenariosAt : found;
  const query = partOf(lines.slice(queryAt, scenariosAt), isHeading);
  return {
    prose: partOf(lines.slice(0, sigmaAt), ({ text }) => RULE_HEADING.test(text)),
    sigma: partOf(lines.slice(sigmaAt, queryAt), isHeading),
    ...(query.start === query.end ? {} : { query }),
    scenarios: scenariosOf(lines.slice(scenariosAt)),
  };
}

function startsQuery(lines: readonly Line[], at: number): boolean {
  const text = lines[at]?.text ?? '';
  if (!QUERY_START.test(text)) return false;
  if (text.includes('|') || text.startsWith('let ')) return true;
  let next = at + 1;
  while (lines[next]?.text === '') next += 1;
  return lines[next]?.text.startsWith('|') === true;
}

function isHeading({ text }: Line): boolean {
  return text.startsWith('#') || /^\*\*[^*]+\*\*:?$/.test(text) || (text.length < 80 && QUERY_HEADING.test(text));
}

/** From the first to the last line that says something; what `isLost` says of the last lines does not count. */
function partOf(lines: readonly Line[], isLost: (line: Line) => boolean): Span {
  const says = (line: Line): boolean => line.text !== '' && !isFence(line);
  const first = lines.findIndex(says);
  let last = lines.length - 1;
  while (last > first && (!says(lines[last] as Line) || isLost(lines[last] as Line))) last -= 1;
  const [from, to] = [lines[first], lines[last]];
  if (from === undefined || to === undefined || (first === last && isLost(from))) return spanOf(0, 0);
  return spanOf(from.start, to.end);
}

function scenariosOf(lines: readonly Line[]): readonly Scenario[] {
  const scenarios: { title: string; description: string[]; filter: string[] }[] = [];
  let open: string[] | undefined;
  for (const line of lines) {
    if (isFence(line)) continue;
    const [, name = '', value = ''] = ENTRY.exec(line.text) ?? [];
    const last = scenarios.at(-1);
    if (name.toLowerCase() === 'scenario') {
      scenarios.push({ title: value.trim(), description: [], filter: [] });
      open = undefined;
    } else if (name !== '' && last !== undefined) {
      open = name.toLowerCase() === 'description' ? last.description : last.filter;
      open.push(value.trim());
    } else open?.push(line.text);
  }
  return scenarios.map(({ title, description, filter }) => ({
    title,
    ...(description.length === 0 ? {} : { description: description.join('\n').trim() }),
    ...(filter.length === 0 ? {} : { filter: filter.join('\n').trim() }),
  }));
}

function isFence({ text }: Line): boolean {
  return /^(?:`+|~{3,})[\w-]*$/.test(text);
}

/** Without blanks around them. */
function linesOf(page: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < page.length; ) {
    const found = page.indexOf('\n', start);
    const end = found === -1 ? page.length : found;
    const written = page.slice(start, end);
    const text = written.trim();
    const from = start + (text === '' ? 0 : written.indexOf(text));
    lines.push({ text, start: from, end: from + text.length });
    start = end + 1;
  }
  return lines;
}
