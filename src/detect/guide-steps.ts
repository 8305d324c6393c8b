/**
 * The steps of an investigation guide, and of a response: the items of their lists, in the author's own words.
 *
 *   guide (Markdown) ──section──▶ "Possible investigation steps" ──items──▶ steps {text, buttons}
 *
 * Guides are of many hands: the section may stand under a heading or a bold line; a step may be an item with items below
 * it (one step, in all), or a bold line with a list below it. Elastic's buttons, `!{investigate{…}}` in a finished guide
 * or `$investigate_0` in a rule's source, are taken out of the text and given apart. Time is linear in the guide's length.
 */
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { markdownSection } from '../rule/markdown-section.ts';
import { underBoldLine } from '../rule/page-outline.ts';
import type { RuleDocument } from '../rule/rule.ts';

export interface StepText {
  /** Markdown. */
  readonly text: string;
  /** The settings of Elastic's `investigate` buttons in it, as written. */
  readonly buttons: readonly JsonObject[];
}

const INVESTIGATION = ['Possible investigation steps', 'Investigation steps', 'Triage steps', 'Investigation guide'];
const RESPONSE = ['Response and remediation', 'Response', 'Remediation', 'Response steps'];
const MOST_STEPS = 50;
const LONGEST_STEP = 4_000;
const LONGEST_GUIDE = 200_000;

/** Empty where the rule has no guide with steps. */
export function investigationSteps(rule: Pick<RuleDocument, 'guide' | 'extra'>): readonly StepText[] {
  const guide = (rule.guide ?? '').slice(0, LONGEST_GUIDE);
  const section = sectionOf(guide, INVESTIGATION) ?? withoutSections(guide);
  return itemsOf(section).map((item) => withoutButtons(item, investigations(rule.extra)));
}

/** What to do, a step each; empty where the rule says nothing. */
export function responseSteps(rule: Pick<RuleDocument, 'guide' | 'response'>): readonly string[] {
  const text = rule.response ?? sectionOf((rule.guide ?? '').slice(0, LONGEST_GUIDE), RESPONSE) ?? '';
  const items = itemsOf(text.slice(0, LONGEST_GUIDE)).map((item) => withoutButtons(item, []).text);
  return [...new Set(items)];
}

function sectionOf(guide: string, titles: readonly string[]): string | undefined {
  for (const title of titles) {
    const section = markdownSection(guide, title) ?? underBoldLine(guide, title);
    if (section !== undefined) return section;
  }
  return undefined;
}

/** What stands before the first section that is about something else than the investigation. */
function withoutSections(guide: string): string {
  const other = /^(?:#{1,6}[ \t]|\*\*).*(?:false positive|response|remediation|setup|related rules|config)/im.exec(
    guide,
  );
  return other === null ? guide : guide.slice(0, other.index);
}

const MARKER = /^( {0,3})(?:[-*+]|\d{1,3}[.)])([ \t]+)(?=\S)/;
const BOLD_LINE = /^\*\*[^*]+\*\*:?[ \t]*$/;

/**
 * The items of the outermost list, each with what stands below it. A bold line with indented items below it is an item as
 * well; one without is a title.
 */
function itemsOf(text: string): readonly string[] {
  const items: string[][] = [];
  let item: string[] | undefined;
  let outermost: number | undefined;
  let content = 0;
  for (const line of text.split('\n').map((raw) => raw.trimEnd())) {
    const marker = MARKER.exec(line);
    const indent = marker?.[1]?.length ?? 0;
    const isItem = marker !== null && indent <= (outermost ?? indent);
    if (isItem || BOLD_LINE.test(line)) {
      if (items.length === MOST_STEPS) break;
      outermost = indent;
      content = marker?.[0].length ?? 0;
      item = [line.slice(content)];
      items.push(item);
    } else if (/^#{1,6}[ \t]/.test(line)) {
      item = undefined;
      outermost = undefined;
    } else if (item !== undefined) {
      item.push(line.slice(Math.min(content, line.length - line.trimStart().length)));
    }
  }
  return items
    .map((lines) => lines.join('\n').trim().slice(0, LONGEST_STEP))
    .filter((one) => one !== '' && !BOLD_LINE.test(one));
}

function investigations(extra: RuleDocument['extra']): readonly JsonObject[] {
  const { transform } = extra as { transform?: unknown };
  const listed = isJsonObject(transform) ? transform.investigate : undefined;
  return Array.isArray(listed) ? listed.filter(isJsonObject) : [];
}

function withoutButtons(text: string, listed: readonly JsonObject[]): StepText {
  const buttons: JsonObject[] = [];
  let kept = '';
  let from = 0;
  for (let at = text.indexOf('!{'); at !== -1; at = text.indexOf('!{', from)) {
    const button = readButton(text, at);
    kept += text.slice(from, button === undefined ? at + 2 : at);
    from = button?.end ?? at + 2;
    if (button?.kind === 'investigate') buttons.push(button.settings);
    else if (typeof button?.settings.label === 'string') kept += `(Osquery: ${button.settings.label})`;
  }
  kept = (kept + text.slice(from)).replaceAll(
    /[ \t]*(?:[-*+][ \t]+)?\$(investigate|osquery)_(\d{1,3})/g,
    (_all, kind, number) => {
      const settings = kind === 'investigate' ? listed[Number(number)] : undefined;
      if (settings !== undefined) buttons.push(settings);
      return '';
    },
  );
  return { text: kept.replaceAll(/\n\s*\n+/g, '\n\n').trim(), buttons };
}

interface Button {
  readonly kind: string;
  readonly settings: JsonObject;
  readonly end: number;
}

/** `!{investigate{"label": …}}`: a word, then a JSON object, both within braces. */
function readButton(text: string, at: number): Button | undefined {
  const kind = /^!\{(investigate|osquery)(?=\{)/.exec(text.slice(at, at + 20))?.[1];
  if (kind === undefined) return undefined;
  const start = at + 2 + kind.length;
  const end = endOfObject(text, start);
  if (end === undefined || text[end] !== '}') return undefined;
  try {
    const settings: unknown = JSON.parse(text.slice(start, end));
    return isJsonObject(settings) ? { kind, settings, end: end + 1 } : undefined;
  } catch {
    return undefined;
  }
}

function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at += 1) {
    const c = text[at];
    if (isString) {
      if (c === '\\') at += 1;
      else if (c === '"') isString = false;
    } else if (c === '"') isString = true;
    else if (c === '{') depth += 1;
    else if (c === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}
