import { homedir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionAt } from '../diagnostic/span.ts';
import { commentedFile } from './commented-file.ts';
import { readConfigText } from './config-file.ts';
import { configSchema } from './config-schema.ts';
import { valueOfText } from './option.ts';
import { OPTION_NAMES, optionOf, placeOf } from './options.ts';
import { resolveSettings } from './resolve-settings.ts';

const read = (text: string) => readConfigText(text, '/etc/vedette/vedette.yml');

/** Each finding as `line:column code hint`. */
function findings(text: string): readonly string[] {
  return read(text).diagnostics.map(({ code, span, hint }) => {
    const { line, column } = positionAt(text, span.start);
    return `${line}:${column} ${code} ${hint ?? ''}`.trim();
  });
}

describe('the file', () => {
  test('gives values with their lines; relative paths begin at its folder', () => {
    const text =
      'data: ~/state\nevents:\n  days: 30\nrules:\n  paths: [mine, /opt/rules]\nsources:\n  follow: a.log\n  watch: false\n';
    const { values, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(Object.fromEntries(values)).toEqual({
      data: { value: join(homedir(), 'state'), line: 1 },
      'events.days': { value: 30, line: 3 },
      'rules.paths': { value: ['/etc/vedette/mine', '/opt/rules'], line: 5 },
      'sources.follow': { value: ['/etc/vedette/a.log'], line: 7 },
      'sources.watch': { value: false, line: 8 },
    });
  });

  test.each([
    ['listen:\n  prot: 80', '2:3 config-key-unknown Did you mean `port`?'],
    ['evnts:\n  days: 3', '1:1 config-key-unknown Did you mean `events`?'],
    ['port: 80', '1:1 config-key-unknown Write `port` under `listen`.'],
    ['listen:\n  data: x', '2:3 config-key-unknown `data` stands in no group.'],
    ['events:\n  days: many', '2:9 config-value It takes a whole number from 1 to 100000.'],
    ['events:\n  days: 0', '2:9 config-value It takes a whole number from 1 to 100000.'],
    ['log:\n  level: loud', '2:10 config-value It takes one of trace, debug, info, warn, error, fatal, silent.'],
    ['sources:\n  watch: maybe', '2:10 config-value It takes true or false.'],
    ['rules:\n  paths: {a: b}', '2:10 config-value It takes a path or a list of paths.'],
    ['metrics: true', '1:10 config-value It has `enabled`.'],
    ['- data', '1:1 config-value `vedette config init` writes a file with every option in it.'],
    ['data: [', '1:8 config-not-yaml'],
    ['data: a\n---\ndata: b', '2:1 config-not-yaml'],
  ])('%j is told where and how', (text, finding) => {
    expect(findings(text)).toEqual([finding]);
  });

  test('an empty one, and keys without values, say nothing', () => {
    for (const text of ['', '# nothing\n', 'listen:\n', 'listen:\n  port:\n']) {
      expect(read(text)).toMatchObject({ diagnostics: [], values: new Map() });
    }
  });

  test('any text gives values or findings, never an exception', () => {
    const word = fc.constantFrom(
      'listen',
      'port',
      'data',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      '{',
      '7',
      'x',
      '&a',
      '*a',
      '"',
      '#',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        read(words.join(''));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the commented file', () => {
  test('says nothing by itself', () => {
    expect(read(commentedFile())).toMatchObject({ diagnostics: [], values: new Map() });
  });

  test('is right with every option taken in', () => {
    const all = commentedFile().replace(/^( *)# ([a-z_]+: )/gm, '$1$2');
    const { values, diagnostics } = read(all);
    expect(diagnostics).toEqual([]);
    expect([...values.keys()]).toEqual(OPTION_NAMES);
    for (const [name, { value }] of values) {
      const { default: byDefault } = optionOf(name);
      if (byDefault !== undefined) expect(value, name).toEqual(byDefault);
    }
  });
});

describe('what holds', () => {
  const file = read('events:\n  days: 30\n  megabytes: 5\nlog:\n  level: info\n');
  const defaults = { data: '/state' };

  test('a flag goes before the environment, that before the file, that before the default', () => {
    const { settings, origins, diagnostics } = resolveSettings({
      flags: { 'events.days': 1 },
      environment: { VEDETTE_EVENT_DAYS: '2', VEDETTE_EVENT_SPACE: '3', VEDETTE_RULES: '/a:/b', VEDETTE_WATCH: 'off' },
      file,
      defaults,
    });
    expect(diagnostics).toEqual([]);
    expect(settings).toMatchObject({
      data: '/state',
      'events.days': 1,
      'events.megabytes': 3,
      'log.level': 'info',
      'log.format': 'json',
      'rules.paths': ['/a', '/b'],
      'sources.watch': false,
    });
    expect(origins.get('events.days')).toEqual({ from: 'flag', name: '--event-days' });
    expect(origins.get('events.megabytes')).toEqual({ from: 'environment', name: 'VEDETTE_EVENT_SPACE' });
    expect(origins.get('log.level')).toEqual({ from: 'file', line: 5 });
    expect(origins.get('log.format')).toEqual({ from: 'default' });
  });

  test('variables with values that are not taken are told, and those that are nearly ours', () => {
    const environment = { VEDETTE_EVENT_DAYS: 'x', VEDETTE_FOLOW: '/a', VEDETTE_CORPORA: '/b', VEDETTE_LOG: '' };
    const { diagnostics } = resolveSettings({ flags: {}, environment, defaults });
    expect(diagnostics).toMatchObject([
      { code: 'config-environment', severity: 'error', hint: 'It takes a whole number from 1 to 100000.' },
      { code: 'config-environment', severity: 'warning', hint: 'Did you mean VEDETTE_FOLLOW?' },
    ]);
  });
});

describe('the table', () => {
  test('names each variable and each flag once, and takes its own defaults', () => {
    const options = OPTION_NAMES.map(optionOf);
    expect(new Set(options.map(({ environment }) => environment)).size).toBe(options.length);
    expect(new Set(options.map(({ flag }) => flag)).size).toBe(options.length);
    for (const option of options) {
      if (option.default !== undefined) expect(valueOfText(option, String(option.default))).toEqual(option.default);
    }
  });

  test('is what the schema says', () => {
    const { properties } = configSchema() as { properties: Record<string, { properties?: Record<string, unknown> }> };
    for (const name of OPTION_NAMES) {
      const [group, key] = placeOf(name);
      expect(group === undefined ? properties : properties[group]?.properties).toHaveProperty([key]);
    }
    expect(configSchema()).toMatchObject({ additionalProperties: false });
  });
});
