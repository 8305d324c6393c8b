/**
 * A small reader of XML as event logs write it: elements, attributes, text, CDATA.
 *
 * It knows the five entities of XML itself and characters by number, nothing else: no document type, no entities of its
 * own, no namespaces, nothing fetched, so that what it costs is in proportion to the text. One pass over the text;
 * memory is that of the tree.
 */
export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly in it, joined. */
  readonly text: string;
}

/** Deeper than any event log nests, and far from what would exhaust the stack of who walks the tree. */
const MAX_DEPTH = 64;

/** The one element the text holds; `undefined` where the text is no XML, or more than this reader takes. */
export function parseXml(text: string): XmlElement | undefined {
  const open: Building[] = [];
  let root: Building | undefined;
  let at = 0;
  while (at < text.length) {
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      const piece = text.slice(at, end === -1 ? text.length : end);
      const into = open.at(-1);
      if (into !== undefined) into.text.push(decodeEntities(piece));
      else if (piece.trim() !== '') return undefined;
      at += piece.length;
      continue;
    }
    const skipped = afterAside(text, at);
    if (skipped === -1) return undefined;
    if (skipped > at) {
      if (text.startsWith(CDATA, at)) open.at(-1)?.text.push(text.slice(at + CDATA.length, skipped - 3));
      at = skipped;
      continue;
    }
    const tag = readTag(text, at);
    if (tag === undefined) return undefined;
    at = tag.end;
    if (tag.closing) {
      const closed = open.pop();
      if (closed === undefined || closed.name !== tag.name) return undefined;
      continue;
    }
    const element: Building = { name: tag.name, attributes: tag.attributes, children: [], text: [] };
    const parent = open.at(-1);
    if (parent !== undefined) parent.children.push(element);
    else if (root === undefined) root = element;
    else return undefined;
    if (!tag.empty) open.push(element);
    if (open.length > MAX_DEPTH) return undefined;
  }
  return root === undefined || open.length > 0 ? undefined : finished(root);
}

interface Building {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Building[];
  readonly text: string[];
}

function finished({ name, attributes, children, text }: Building): XmlElement {
  return { name, attributes, children: children.map(finished), text: text.join('') };
}

const CDATA = '<![CDATA[';

/** Where an instruction, a comment or CDATA ends: `at` where there is none, -1 for what is not read. */
function afterAside(text: string, at: number): number {
  const [start, end] = text.startsWith('<?', at)
    ? ['<?', '?>']
    : text.startsWith('<!--', at)
      ? ['<!--', '-->']
      : text.startsWith(CDATA, at)
        ? [CDATA, ']]>']
        : ['', ''];
  if (start === '') return text[at + 1] === '!' ? -1 : at;
  const found = text.indexOf(end, at + start.length);
  return found === -1 ? -1 : found + end.length;
}

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly closing: boolean;
  readonly empty: boolean;
  readonly end: number;
}

const NAME = /[A-Za-z_][\w:.-]{0,199}/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]{0,199})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

function readTag(text: string, start: number): Tag | undefined {
  const closing = text[start + 1] === '/';
  NAME.lastIndex = start + (closing ? 2 : 1);
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return undefined;
  let at = NAME.lastIndex;
  let attributes: Map<string, string> | undefined;
  while (!closing) {
    ATTRIBUTE.lastIndex = at;
    const [, attribute, double, single] = ATTRIBUTE.exec(text) ?? [];
    if (attribute === undefined) break;
    attributes ??= new Map();
    attributes.set(attribute, decodeEntities(double ?? single ?? ''));
    at = ATTRIBUTE.lastIndex;
  }
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r' || text[at] === '\n') at += 1;
  const empty = !closing && text[at] === '/';
  if (empty) at += 1;
  if (text[at] !== '>') return undefined;
  return { name, attributes: attributes ?? NO_ATTRIBUTES, closing, empty, end: at + 1 };
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** What is no entity stays as it is: event logs hold texts that were escaped badly. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name as string) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? whole : String.fromCodePoint(code);
  });
}
