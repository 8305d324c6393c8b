/**
 * Which of many texts stand in a value: one pass over the value, whatever their number.
 *
 *   texts ──the rarest four characters of each──▶ table of grams ──a bit for each──▶ filter
 *   value ──every four characters in a row──▶ filter ──seldom──▶ table ──compare the whole text──▶ found
 *
 * Four ASCII characters fit one 32-bit integer, so a gram needs no hashing and is looked up exactly. Instead of an
 * automaton, because it takes a fiftieth of its memory and is built as fast as texts are read, which is what makes a change
 * of rules cheap; a text that shares its gram with many costs a comparison each where the gram occurs, so of a text the
 * gram is taken that fewest others have. Texts shorter than a gram are looked for one by one: there are few.
 */
import type { Literal } from './literal.ts';

export const GRAM = 4;
/** Filter bits for each gram: one in 32 places of an innocent value then goes as far as the table. */
const BITS_PER_GRAM = 32;
export const MIX = 0x9e3779b1;

interface Placed {
  readonly literal: Literal;
  readonly id: number;
  /** Where in the text its gram stands. */
  readonly offset: number;
}

export class GramIndex {
  private readonly short: { readonly literal: Literal; readonly id: number }[] = [];
  private readonly shift: number;
  private readonly filter: Uint32Array;
  private readonly table = new Map<number, Placed[]>();
  /** By id, the number of the last search that found it. */
  private readonly found: Float64Array;
  private searches = 0;

  /** @param literals not anchored `whole`; their place in the list is their id */
  constructor(literals: readonly Literal[]) {
    const counts = countGrams(literals);
    let bits = 1024;
    while (bits < literals.length * BITS_PER_GRAM) bits *= 2;
    this.shift = 32 - Math.log2(bits);
    this.filter = new Uint32Array(bits / 32);
    this.found = new Float64Array(literals.length);
    for (const [id, literal] of literals.entries()) {
      if (literal.text.length < GRAM) {
        this.short.push({ literal, id });
        continue;
      }
      const offset = rarestGram(literal.text, counts);
      const gram = gramAt(literal.text, offset);
      const bit = Math.imul(gram, MIX) >>> this.shift;
      this.filter[bit >>> 5] = (this.filter[bit >>> 5] as number) | (1 << (bit & 31));
      const placed = this.table.get(gram);
      if (placed === undefined) this.table.set(gram, [{ literal, id, offset }]);
      else placed.push({ literal, id, offset });
    }
  }

  /** Adds the ids of the texts that stand in the value, each once. @param value in `searchedForm` */
  search(value: string, into: number[]): void {
    this.searches += 1;
    for (const { literal, id } of this.short) if (stands(literal, value)) into.push(id);
    const { length } = value;
    if (length < GRAM || this.table.size === 0) return;
    const { filter, shift } = this;
    let gram = (value.charCodeAt(0) << 16) | (value.charCodeAt(1) << 8) | value.charCodeAt(2);
    for (let at = GRAM - 1; at < length; at += 1) {
      // A character beyond ASCII disturbs its neighbours' bits: such grams find nothing or are compared in vain.
      gram = (gram << 8) | value.charCodeAt(at);
      const bit = Math.imul(gram, MIX) >>> shift;
      if (((filter[bit >>> 5] as number) & (1 << (bit & 31))) !== 0) this.compare(gram, value, at - GRAM + 1, into);
    }
  }

  private compare(gram: number, value: string, at: number, into: number[]): void {
    const placed = this.table.get(gram);
    if (placed === undefined) return;
    for (const { literal, id, offset } of placed) {
      if (this.found[id] === this.searches) continue;
      const start = at - offset;
      const { text, anchor } = literal;
      if (anchor === 'start' && start !== 0) continue;
      if (anchor === 'end' && start + text.length !== value.length) continue;
      if (start < 0 || !value.startsWith(text, start)) continue;
      this.found[id] = this.searches;
      into.push(id);
    }
  }
}

function stands({ text, anchor }: Literal, value: string): boolean {
  if (anchor === 'start') return value.startsWith(text);
  return anchor === 'end' ? value.endsWith(text) : value.includes(text);
}

export function gramAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) << 24) |
    (text.charCodeAt(at + 1) << 16) |
    (text.charCodeAt(at + 2) << 8) |
    text.charCodeAt(at + 3)
  );
}

/** What stands in so many paths and command lines that finding it says nothing. */
export const COMMON_TEXT =
  'c:\\windows\\system32\\ c:\\windows\\syswow64\\ c:\\program files (x86)\\ c:\\program files\\ c:\\programdata\\microsoft\\windows ' +
  'c:\\users\\ \\appdata\\local\\temp\\ \\appdata\\roaming\\ \\device\\harddiskvolume .exe .dll .exe" .dll" ' +
  'hklm\\software\\microsoft\\windows\\currentversion\\ hkcu\\software\\ hklm\\system\\currentcontrolset\\services\\ ' +
  'powershell.exe -noprofile -executionpolicy bypass -command  cmd.exe /c  svchost.exe -k  /usr/bin/ /usr/lib/ /usr/sbin/ ' +
  '/bin/sh -c  /etc/ /var/lib/ /tmp/ https:// http:// www. .com/ microsoft corporation version service system.';
const COMMON_WEIGHT = 1000;

/** Of `COMMON_TEXT`. */
let commonCounts: ReadonlyMap<number, number> | undefined;

export function countGrams(literals: readonly Literal[], common?: string): Map<number, number> {
  commonCounts ??= addGrams(COMMON_TEXT, COMMON_WEIGHT, new Map());
  const counts = common === undefined ? new Map(commonCounts) : addGrams(common, COMMON_WEIGHT, new Map());
  for (const { text } of literals) addGrams(text, 1, counts);
  return counts;
}

function addGrams(text: string, weight: number, counts: Map<number, number>): Map<number, number> {
  for (let at = 0; at + GRAM <= text.length; at += 1) {
    const gram = gramAt(text, at);
    counts.set(gram, (counts.get(gram) ?? 0) + weight);
  }
  return counts;
}

/** Where in a text its rarest gram begins, of equally rare ones that of the rarest characters; 0 where it has none. */
export function rarestGram(text: string, counts: ReadonlyMap<number, number>): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + GRAM <= text.length; at += 1) {
    const count = counts.get(gramAt(text, at)) ?? 0;
    if (count > least) continue;
    const rarity = count + commonness(text, at) / MOST_COMMON;
    if (rarity < least) [best, least] = [at, rarity];
  }
  return best;
}

/** About the logarithm of how often characters stand in English and in paths; 2 for all others. */
const COMMONNESS = new Uint8Array(128).fill(2);
for (const [characters, common] of [
  [' e', 7],
  ['taoinsr', 6],
  ['ldcump\\', 5],
  ['hfg0123456789.-:', 4],
  ['wybvk_/', 3],
  ['xjqz', 1],
] as const) {
  for (const character of characters) COMMONNESS[character.charCodeAt(0)] = common;
}
/** More than four characters have. */
const MOST_COMMON = 32;

function commonness(text: string, start: number): number {
  let sum = 0;
  for (let at = start; at < start + GRAM; at += 1) sum += COMMONNESS[text.charCodeAt(at)] ?? 0;
  return sum;
}
