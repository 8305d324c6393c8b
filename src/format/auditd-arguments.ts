/**
 * The arguments of an EXECVE record, which the kernel cuts in pieces where one is long: `a1[0]=2F62 a1[1]=696E`.
 *
 *   pieces by number of argument and of piece ──joinArguments──▶ texts, in order
 */

/** A whole argument, or a part of one: text where it was quoted, bytes where it was hexadecimal (may end in mid-character). */
export type ArgumentPiece = string | Uint8Array;

/** Argument number → its pieces, by piece number (0 where the argument is whole). */
export type ArgumentPieces = Map<number, Map<number, ArgumentPiece>>;

const ARGUMENT = /^a(\d{1,7})(?:\[(\d{1,7})\])?$/;
const ARGUMENT_LENGTH = /^a\d{1,7}_len$/;
const NOT_HEX = /[^0-9A-F]/;

/** @returns whether the field is an argument, or part of one; of what was said twice, the last holds */
export function addPiece(args: ArgumentPieces, name: string, value: string, isQuoted: boolean): boolean {
  const argument = ARGUMENT.exec(name);
  if (argument === null) return false;
  const number = Number(argument[1]);
  const pieces = args.get(number) ?? new Map<number, ArgumentPiece>();
  pieces.set(Number(argument[2] ?? 0), isQuoted || !isHex(value) ? value : Buffer.from(value, 'hex'));
  args.set(number, pieces);
  return true;
}

/** Whether a field is told with the arguments, and not by its name. */
export function isOfArguments(name: string): boolean {
  return ARGUMENT.test(name) || ARGUMENT_LENGTH.test(name);
}

/** Whether the value is hexadecimal as audit writes it. */
export function isHex(value: string): boolean {
  return value.length > 0 && value.length % 2 === 0 && !NOT_HEX.test(value);
}

/** Lost arguments are left out. */
export function joinArguments(args: ReadonlyMap<number, ReadonlyMap<number, ArgumentPiece>>): string[] {
  return inOrder(args).map((parts) => joinPieces(inOrder(parts)));
}

/** Joined as bytes, so that a character cut in two is whole again. */
function joinPieces(pieces: readonly ArgumentPiece[]): string {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  return typeof only === 'string' ? only : Buffer.concat(pieces.map(asBytes)).toString('utf8');
}

function asBytes(piece: ArgumentPiece): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
}

function inOrder<T>(numbered: ReadonlyMap<number, T>): T[] {
  return [...numbered].sort(([a], [b]) => a - b).map(([, value]) => value);
}
