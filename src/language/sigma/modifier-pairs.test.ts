/**
 * Every modifier with every modifier, in both orders: either the rule means what a plain calculation beside the engine says,
 * on events that meet it and events that do not, or it is refused in words.
 *
 * Source of what goes together: the modifiers appendix of the specification 2.1, and pySigma for `fieldref`.
 */
import { describe, expect, it } from 'vitest';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileSigma } from './sigma.ts';

const PLACES = ['contains', 'startswith', 'endswith'];
const FLAGS = ['i', 'm', 's'];
const WIDE = ['utf16le', 'wide', 'utf16be', 'utf16'];
const ENCODERS = ['base64', 'base64offset', ...WIDE];
const TEXTS = [...ENCODERS, 'windash', 'expand'];
const ORDERS = ['lt', 'lte', 'gt', 'gte'];
const TIMES = ['minute', 'hour', 'day', 'week', 'month', 'year'];
const ALL = [
  ...['all', 'cased', 'neq', ...PLACES, 'exists', 're', ...FLAGS],
  ...[...TEXTS, 'cidr', 'fieldref', ...ORDERS, ...TIMES],
];

// --- What goes together -----------------------------------------------------------------------------------------------

/** Modifiers that may stand directly before each one. */
function mayPrecede(name: string): readonly string[] {
  switch (name) {
    case 'all':
      return ALL.filter((one) => !['all', 'neq', 'exists', ...FLAGS].includes(one));
    case 'neq':
      return ALL.filter((one) => !['all', 'neq', ...FLAGS].includes(one));
    case 'cased':
      return ['all', 'neq', ...PLACES, 're', ...TEXTS, 'fieldref'];
    case 'exists':
      return ['neq'];
    case 're':
      return ['all', 'neq', 'cased', 'expand'];
    case 'i':
    case 'm':
    case 's':
      return ['re'];
    case 'contains':
    case 'startswith':
    case 'endswith':
      return ['all', 'neq', 'cased', ...TEXTS, 'fieldref'];
    case 'base64':
    case 'base64offset':
      return ['all', 'neq', 'cased', ...TEXTS];
    case 'utf16le':
    case 'wide':
    case 'utf16be':
    case 'utf16':
      return ['all', 'neq', 'cased', ...PLACES, 'base64', 'base64offset', 'windash', 'expand'];
    case 'windash':
      return ['all', 'neq', 'cased', ...PLACES, 'expand'];
    case 'expand':
      return ['all', 'neq', 'cased', ...PLACES];
    case 'cidr':
      return ['all', 'neq', 'expand'];
    case 'fieldref':
      return ['all', 'neq', 'cased', ...PLACES, 'expand'];
    default:
      return ['all', 'neq', ...(ORDERS.includes(name) ? TIMES : ORDERS)];
  }
}

// --- What it means ----------------------------------------------------------------------------------------------------

type Scalar = string | number | boolean;
interface Probe {
  readonly f?: Scalar;
  /** What `fieldref` refers to. */
  readonly g?: string;
  readonly h?: string;
}

type Several = Omit<Probe, 'f'> & { readonly f: readonly Scalar[] };

const DATES = ['2021-02-03T04:05:06Z', '2024-05-15T12:30:00Z', '2029-11-28T22:55:00Z', 'no date'];
const PART: Readonly<Record<string, (date: Date) => number>> = {
  minute: (date) => date.getUTCMinutes(),
  hour: (date) => date.getUTCHours(),
  day: (date) => date.getUTCDate(),
  week: (date) => ({ 2021: 5, 2024: 20, 2029: 48 })[date.getUTCFullYear()] ?? Number.NaN,
  month: (date) => date.getUTCMonth() + 1,
  year: (date) => date.getUTCFullYear(),
};
const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
};

interface Sample {
  readonly values: readonly Scalar[];
  readonly probes: readonly Probe[];
  /** Whether a probe meets one value, `cased`, `all` and `neq` aside. */
  readonly meets: (value: Scalar, probe: Probe) => boolean;
}

function sampleOf(pair: readonly string[]): Sample {
  const has = (name: string) => pair.includes(name);
  const isCased = has('cased');
  const fold = (text: string) => (isCased ? text : text.toLowerCase());
  const place = pair.find((name) => PLACES.includes(name));
  const time = pair.find((name) => TIMES.includes(name));
  const order = pair.find((name) => ORDERS.includes(name));
  const stands = (text: string, part: string): boolean =>
    place === 'contains'
      ? fold(text).includes(fold(part))
      : place === 'startswith'
        ? fold(text).startsWith(fold(part))
        : place === 'endswith'
          ? fold(text).endsWith(fold(part))
          : fold(text) === fold(part);
  if (has('exists')) {
    return { values: [true], probes: [{ f: 'x' }, {}], meets: (_, { f }) => f !== undefined };
  }
  if (time !== undefined) {
    const part = PART[time] as (date: Date) => number;
    const values = [
      part(new Date(DATES[1] as string)),
      part(new Date(DATES[order?.startsWith('g') ? 0 : 2] as string)),
    ];
    const compare = order === undefined ? Object.is : (COMPARE[order] as (a: number, b: number) => boolean);
    return {
      values,
      probes: [...DATES.map((f) => ({ f })), {}],
      meets: (value, { f = '' }) => compare(part(new Date(String(f))), Number(value)),
    };
  }
  if (order !== undefined) {
    const compare = COMPARE[order] as (a: number, b: number) => boolean;
    const probes = [...[3, 4, 5, 6, 7, '4', '6', 'x'].map((f) => ({ f })), {}];
    return { values: [5, 6], probes, meets: (value, { f }) => f !== undefined && compare(Number(f), Number(value)) };
  }
  if (has('cidr')) {
    const values = has('expand') ? ['%net%', '10.1.0.0/16'] : ['10.0.0.0/8', '10.1.0.0/16'];
    const probes = [...['10.1.2.3', '10.2.2.3', '11.1.2.3', 'x'].map((f) => ({ f })), {}];
    const meets = (value: Scalar, { f = '' }: Probe) => String(f).startsWith(value === '10.1.0.0/16' ? '10.1.' : '10.');
    return { values, probes, meets };
  }
  if (has('fieldref')) {
    const texts = ['aB', 'ab', 'xaB', 'aBx', 'xaBx', 'y'];
    const probes = texts.flatMap((f) => [{ f, g: 'aB', h: 'aB' }, { f, g: 'aB', h: 'y' }, { f }]);
    return {
      values: [has('expand') ? '%field%' : 'g', 'h'],
      probes: [...probes, { g: 'aB', h: 'aB' }],
      meets: (value, { f, g, h }) => {
        const other = value === 'h' ? h : g;
        return f !== undefined && other !== undefined && stands(String(f), other);
      },
    };
  }
  if (has('re')) {
    const flags = pair.filter((name) => FLAGS.includes(name)).join('');
    const probes = [...['aXB', 'axb', 'a\nB', 'zaXBz', 'z\naXB', 'B', 'aXBc'].map((f) => ({ f })), {}];
    const values = has('expand') ? ['^a%dot%B', 'B$'] : ['^a.B', 'B$'];
    const meets = (value: Scalar, { f }: Probe) =>
      f !== undefined && new RegExp(String(value).replace('%dot%', '.'), flags).test(String(f));
    return { values, probes, meets };
  }
  return textSample(pair, stands);
}

function textSample(pair: readonly string[], stands: (text: string, part: string) => boolean): Sample {
  const values = pair.includes('expand') ? [' -a%word%', '%word%'] : [' -aBc', 'Bc'];
  const madeOf = (value: Scalar): readonly string[] => {
    const start = [{ text: String(value), isBytes: false }];
    return pair.reduce((texts, name) => texts.flatMap((one) => applied(name, one)), start).map(({ text }) => text);
  };
  const made = values.map(madeOf);
  const around = (text: string) => [text, `x${text}`, `${text}x`, `x${text}x`, text.toUpperCase(), text.toLowerCase()];
  const both = (made[0] ?? []).flatMap((one) => (made[1] ?? []).flatMap((other) => [one + other, other + one]));
  const probes = [...[...made.flat().flatMap(around), ...both, 'other', ''].map((f) => ({ f })), {}];
  return {
    values,
    probes,
    meets: (value, { f }) => f !== undefined && madeOf(value).some((one) => stands(String(f), one)),
  };
}

interface Made {
  readonly text: string;
  readonly isBytes: boolean;
}

/** The encodings as the specification tells them, by other means than the engine has. */
function applied(name: string, { text, isBytes }: Made): readonly Made[] {
  const bytes = Buffer.from(text, isBytes ? 'latin1' : 'utf8');
  const wide = Buffer.from(text, 'utf16le');
  const inBytes = (buffer: Buffer) => [{ text: buffer.toString('latin1'), isBytes: true }];
  switch (name) {
    case 'base64':
      return [{ text: bytes.toString('base64'), isBytes: false }];
    case 'base64offset':
      // Those characters of the whole that no byte before or behind the text has a part in.
      return [0, 1, 2].map((shift) => {
        const encoded = Buffer.concat([Buffer.alloc(shift), bytes, Buffer.alloc(2)]).toString('base64');
        const [from, to] = [Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6)];
        return { text: encoded.slice(from, to), isBytes: false };
      });
    case 'utf16le':
    case 'wide':
      return inBytes(wide);
    case 'utf16be':
      return inBytes(Buffer.from(wide).swap16());
    case 'utf16':
      return inBytes(Buffer.concat([Buffer.of(0xff, 0xfe), wide]));
    case 'windash':
      return text.includes(' -a')
        ? [...'-/–—―'].map((dash) => ({ text: text.replace('-', dash), isBytes }))
        : [{ text, isBytes }];
    case 'expand':
      return [{ text: text.replace('%word%', 'Bc'), isBytes }];
    default:
      return [{ text, isBytes }];
  }
}

/** @param probe one with several values meets what one of them meets */
function expected(pair: readonly string[], { values, meets }: Sample, probe: Probe | Several): boolean {
  const each = Array.isArray(probe.f) ? probe.f.map((f) => ({ ...probe, f })) : [probe as Probe];
  const found = values.map((value) => each.some((one) => meets(value, one)));
  const linked = pair.includes('all') ? found.every(Boolean) : found.some(Boolean);
  return pair.includes('neq') ? !linked : linked;
}

// --- Every pair -------------------------------------------------------------------------------------------------------

const PLACEHOLDERS = new Map([
  ['word', ['Bc']],
  ['net', ['10.0.0.0/8']],
  ['field', ['g']],
  ['dot', ['.']],
]);

function compiled(pair: readonly string[], values: readonly Scalar[]) {
  const given = values.length === 1 ? JSON.stringify(values[0]) : JSON.stringify(values);
  const text = `logsource: {product: linux}\ndetection:\n  s:\n    f|${pair.join('|')}: ${given}\n  condition: s\n`;
  return { text, ...compileSigma(text, { placeholders: PLACEHOLDERS }) };
}

const linux = (document: JsonObject) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource({ ...document, 'host.os.type': 'linux' }),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });

describe.each(ALL)('%s before', (first) => {
  it.each(ALL)('%s', (second) => {
    const pair = [first, second];
    const sample = sampleOf(pair);
    const { text, plan, diagnostics } = compiled(pair, sample.values);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (!mayPrecede(second).includes(first)) {
      expect(errors.length).toBeGreaterThan(0);
      expect(plan).toBeUndefined();
      for (const { code, message, span } of errors) {
        expect(code).toMatch(/^sigma-(?:modifier-combination|modifier-value)$/);
        expect(message).toMatch(/^\S.*\.$/);
        expect(text.slice(span.start, span.end)).not.toBe('');
      }
      return;
    }
    expect(errors).toEqual([]);
    // No one text equals two, but one of a list and another of it may.
    const several: Several = { f: sample.probes.flatMap(({ f }) => f ?? []), g: 'aB', h: 'aB' };
    const results = [...sample.probes, several].map((probe) => {
      const holds = plan !== undefined && evaluate(plan.predicate, linux({ ...probe }));
      expect(holds, JSON.stringify(probe)).toBe(expected(pair, sample, probe));
      return holds;
    });
    // A pair that every event meets, or none, would say nothing.
    expect(new Set(results)).toEqual(new Set([true, false]));
  });
});

it('leaves out no modifier', () => {
  expect(ALL).toHaveLength(31);
});
