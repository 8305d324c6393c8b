/**
 * How a line of the audit log starts, told by its bytes: which event and record type it is of.
 *
 *   node=web-07 type=SYSCALL msg=audit(1795360477.780:650): arch=…
 *
 * Only of lines that are written plainly: names of types in letters, nothing around the line that would be trimmed. Others are
 * read as text (`parseAuditRecord`), which says the same of these.
 */

/** Places in the line. */
export interface AuditHead {
  /** The node's name, empty without one. */
  nodeStart: number;
  nodeEnd: number;
  typeStart: number;
  typeEnd: number;
  /** `SECONDS.FRACTION:SERIAL`, and where the seconds' fraction ends. */
  idStart: number;
  timeEnd: number;
  idEnd: number;
  /** What follows. */
  body: number;
}

const [SPACE, ZERO, NINE, COLON, POINT, CLOSING, UNDERSCORE, LETTER_A, LETTER_Z, LAST] = [
  0x20, 0x30, 0x39, 0x3a, 0x2e, 0x29, 0x5f, 0x41, 0x5a, 0x7e,
];
const bytesOf = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const NODE = bytesOf('node=');
const TYPE = bytesOf('type=');
const MESSAGE = bytesOf(' msg=audit(');
const MOST_SECONDS = 12;
const MOST_FRACTION = 9;
const MOST_SERIAL = 20;

/** Fills in the head; false where the line is not plainly written. */
export function readHead(line: Uint8Array, head: AuditHead): boolean {
  const last = line[line.length - 1] as number;
  if (!(last > SPACE && last <= LAST)) return false;
  let at = 0;
  head.nodeStart = 0;
  head.nodeEnd = 0;
  if (stands(NODE, line, 0)) {
    head.nodeStart = NODE.length;
    at = head.nodeStart;
    while ((line[at] as number) > SPACE && (line[at] as number) <= LAST) at += 1;
    if (at === head.nodeStart || line[at] !== SPACE) return false;
    head.nodeEnd = at;
    at += 1;
  }
  if (!stands(TYPE, line, at)) return false;
  at += TYPE.length;
  head.typeStart = at;
  if (!isLetter(line[at] as number)) return false;
  while (isLetter(line[at] as number) || isDigit(line[at] as number) || line[at] === UNDERSCORE) at += 1;
  head.typeEnd = at;
  if (!stands(MESSAGE, line, at)) return false;
  head.idStart = at + MESSAGE.length;
  const point = digitsFrom(line, head.idStart, MOST_SECONDS);
  if (point === 0 || line[point] !== POINT) return false;
  head.timeEnd = digitsFrom(line, point + 1, MOST_FRACTION);
  if (head.timeEnd === 0 || line[head.timeEnd] !== COLON) return false;
  head.idEnd = digitsFrom(line, head.timeEnd + 1, MOST_SERIAL);
  if (head.idEnd === 0 || line[head.idEnd] !== CLOSING || line[head.idEnd + 1] !== COLON) return false;
  head.body = head.idEnd + 2;
  if (line[head.body] === SPACE) head.body += 1;
  return true;
}

/** Whether a line of these bytes may be read by `readHead`: for who has other lines, too. */
export function mayBeAudit(line: Uint8Array): boolean {
  return stands(TYPE, line, 0) || stands(NODE, line, 0);
}

/** @returns where the digits end; 0 where there are none or too many */
function digitsFrom(line: Uint8Array, start: number, most: number): number {
  let at = start;
  while (isDigit(line[at] as number)) at += 1;
  return at === start || at - start > most ? 0 : at;
}

export function stands(text: Uint8Array, line: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at += 1) if (line[start + at] !== text[at]) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isLetter(byte: number): boolean {
  return byte >= LETTER_A && byte <= LETTER_Z;
}
