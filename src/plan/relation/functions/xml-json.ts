/**
 * XML as a dynamic value, as `parse_xml` gives it: an element is a bag of its attributes (`@name`), its elements (an
 * array where there are several of a name) and its text (`#text`); with text alone it is the text, with nothing null.
 *
 * No entities beyond the five of XML and characters by number, no document type: such text gives null. Source:
 * Microsoft's page on `parse_xml`.
 */
import type { Json } from '../../../event/json.ts';

interface Element {
  readonly name: string;
  readonly members: Map<string, Json[]>;
  text: string;
}

/** Deeper XML is not read. */
const DEEPEST = 200;
const PARTS =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?=]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([^\s=<>/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

/** Null for what is not well-formed. */
export function xmlToJson(text: string): Json {
  const root: Element = { name: '', members: new Map(), text: '' };
  const open: Element[] = [root];
  PARTS.lastIndex = 0;
  while (PARTS.lastIndex < text.length) {
    const part = PARTS.exec(text);
    const top = open.at(-1);
    if (part === null || top === undefined) return null;
    const [, data, closing, opening, attributes = '', end, plain] = part;
    if (data !== undefined) top.text += data;
    else if (plain !== undefined) top.text += unescaped(plain);
    else if (closing !== undefined) {
      if (top.name !== closing || open.length === 1) return null;
      close(open);
    } else if (opening !== undefined) {
      const element: Element = { name: opening, members: new Map(), text: '' };
      for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
        element.members.set(`@${name}`, [unescaped(double ?? single ?? '')]);
      }
      open.push(element);
      if (open.length > DEEPEST) return null;
      if (end === '/') close(open);
    }
  }
  if (open.length !== 1 || root.members.size !== 1 || root.text.trim() !== '') return null;
  return elementValue(root);
}

function close(open: Element[]): void {
  const element = open.pop();
  const parent = open.at(-1);
  if (element === undefined || parent === undefined) return;
  const known = parent.members.get(element.name) ?? [];
  known.push(elementValue(element));
  parent.members.set(element.name, known);
}

function elementValue({ members, text }: Element): Json {
  const shown = text.trim() === '' ? '' : text;
  if (members.size === 0) return shown === '' ? null : shown;
  const entries = [...members].map(([name, values]): [string, Json] => [
    name,
    values.length === 1 ? (values[0] ?? null) : values,
  ]);
  return Object.fromEntries(shown === '' ? entries : [...entries, ['#text', shown]]);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
