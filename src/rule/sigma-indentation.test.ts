import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasLostIndentation, repairSigmaIndentation } from './sigma-indentation.ts';

const flat = (text: string): string => text.replace(/^[ \t]+/gm, '');

/** What the repaired text says as YAML, or `code «line» reason`. */
const repaired = (text: string): unknown => {
  const result = repairSigmaIndentation(text);
  if ('text' in result) return parse(result.text);
  const { code, span, message } = result.diagnostic;
  const reason = message.replace(/^.*(?:in two ways|cannot be placed): /, '');
  return `${code.replace('sigma-indentation-', '')} «${text.slice(span.start, span.end)}» ${reason}`;
};

const HEAD = 'title: T\nlogsource:\nproduct: linux\ndetection:\n';
const detection = (body: string): unknown => {
  const read = repaired(HEAD + body);
  return typeof read === 'string' ? read : (read as { detection: unknown }).detection;
};

describe('repairSigmaIndentation', () => {
  it('puts back a list of two maps, comments and the texts around it', () => {
    const text = `title: Web shell
description: |
    Finds: what it finds.

    # not a comment
    - and a list
related:
    - id: 11111111-1111-4111-8111-111111111111
      type: derived
    - type: similar
      id: 22222222-2222-4222-8222-222222222222
id: 33333333-3333-4333-8333-333333333333
author: Ada,
    Grace
logsource:
    product: linux
    definition: Switch it on
        first.
    category: process_creation
detection:
    selection_img:
        - Image|endswith:
              - '/python' # one
              - '/python2'
          CommandLine|contains: 'x: y'
        # two
        - Image|contains: '/python3.'
    keywords:
        - 'a'
        - 'b: c'
    selection_field:
        EventID:
            - 1
            - 2
        Empty: null
        Other|re: '^a:b$'
    condition:
        - all of selection_*
        - keywords and
          not selection_field
    timeframe: 5m
falsepositives:
    - Backups
level: high
team: blue
`;
    expect(repaired(flat(text))).toEqual(parse(text));
  });

  it('leads from the new text back to the source', () => {
    const source = `> ${HEAD}selection:\nImage|endswith: '/python'\ncondition: selection\n`;
    const result = repairSigmaIndentation(source.slice(2), 2);
    if (!('text' in result)) throw new Error('refused');
    for (const [at] of result.text.matchAll(/\S+/g).map(({ 0: word, index }) => [index, word] as const)) {
      expect(source[result.toSource(at)]).toBe(result.text[at]);
    }
  });

  it.each([
    ['a map', 'selection:\nA: 1\nB|contains:\n- x\n- y\ncondition: selection', { A: 1, 'B|contains': ['x', 'y'] }],
    ['keywords', 'selection:\n- x\n- y\ncondition: selection', ['x', 'y']],
    ['keywords that all must be there', "selection:\n'|all':\n- x\n- y\ncondition: selection", { '|all': ['x', 'y'] }],
    ['items of one field', 'selection:\n- A: 1\n- B: 2\ncondition: selection', [{ A: 1 }, { B: 2 }]],
    [
      'items of several fields',
      'selection:\n- A: 1\nB: 2\n- B|re:\n- x\nC: 3\ncondition: 1 of them',
      [
        { A: 1, B: 2 },
        { 'B|re': ['x'], C: 3 },
      ],
    ],
    [
      'fields named like keys of the rule',
      'selection:\nname: x\nstatus: 200\ncondition: selection',
      { name: 'x', status: 200 },
    ],
  ])('reads %s', (_, body, expected) => {
    expect(detection(body)).toMatchObject({ selection: expected });
  });

  it.each([
    [
      'selection:\nA: 1\nfilter:\nB: 2\ncondition: selection',
      'ambiguous «filter:» filter may be a search identifier that the condition does not name, or a field without a value.',
    ],
    [
      'selection:\nA: 1\nfilter:\n- x\ncondition: selection',
      'ambiguous «filter:» filter may be a search identifier that the condition does not name, or a field with a list of values.',
    ],
    [
      'selection:\nA: 1\nB:\n- x\ncondition: 1 of them',
      'ambiguous «B:» B may be a search identifier, or a field with a list of values.',
    ],
    ['selection:\nA: |\nx\ncondition: selection', 'ambiguous «A: |» where its text ends is not said.'],
    [
      'condition: selection\nselection:\nA: 1',
      'ambiguous «selection:» selection may be a search identifier or a key of the rule, because it stands after the condition.',
    ],
    ['selection:\nA: 1', 'lost «detection:» the detection has no condition.'],
    [
      'selection:\nA: 1\n- B: 2\ncondition: selection',
      'lost «- B: 2» an item with a field cannot follow where fields without a dash stand above it.',
    ],
    [
      'selection:\n- x\n- B: 2\ncondition: selection',
      'lost «- B: 2» an item with a field cannot follow where texts stand above it.',
    ],
    ['selection:\n- x\nB: 2\ncondition: selection', 'lost «B: 2» a field cannot follow a list of texts.'],
    ['selection:\nA: 1\n- x\ncondition: selection', 'lost «- x» the field above it already has a value.'],
    ['selection:\nA: 1\nmore\ncondition: selection', 'lost «more» it is neither a key nor a list item.'],
    ['A: 1\ncondition: selection', 'lost «A: 1» the condition does not name A, so it is no search identifier.'],
    ['- A: 1\ncondition: selection', 'lost «- A: 1» no search identifier stands above it.'],
  ])('refuses %j', (body, expected) => {
    expect(detection(body)).toBe(expected);
  });

  it.each([
    [
      'description: |\nlevel: high is too much\nlevel: low\n',
      'ambiguous «level: low» level is given twice, and one of them may be text of what stands before it.',
    ],
    [
      'description: |\nFinds it.\nexample: this\n',
      'ambiguous «example: this» it may be text of description, or a key that the specification does not have.',
    ],
    [
      'logsource:\nproduct: linux\nhost: web\n',
      'ambiguous «host: web» host may belong to logsource, or stand beside it.',
    ],
    ['owner:\nname: Ada\nteam: Blue\n', undefined],
    ['owner:\nwho: Ada\n', 'ambiguous «who: Ada» who may belong to owner, or stand beside it.'],
    [
      'owner:\n- who: Ada\nteam: Blue\n',
      'ambiguous «team: Blue» team may belong to the entry of owner above, or to the rule.',
    ],
    ['Hello\ntitle: T\n', 'lost «Hello» A rule begins with a key, as in “title: …”.'],
    ['tags: a\n- b\n', 'lost «- b» The line is neither a key nor what tags can hold.'],
  ])('at the root, refuses %j', (text, expected) => {
    if (expected === undefined) expect(typeof repaired(text)).toBe('object');
    else expect(repaired(text)).toBe(expected);
  });

  it('is asked for only where what stands under detection is not indented', () => {
    expect(hasLostIndentation('detection:\n\n# a\nsel:\n')).toBe(true);
    expect(hasLostIndentation('  detection:\n  sel:\n')).toBe(true);
    expect(hasLostIndentation('detection:\n# a\n    sel:\n')).toBe(false);
    expect(hasLostIndentation('detection: {sel: {a: 1}}\n')).toBe(false);
  });

  it('does not take long for a condition made to take long', () => {
    const condition = `condition: 1 of ${'a*'.repeat(20_000)}b`;
    expect(detection(`${'a'.repeat(200_000)}:\nx: 1\n${condition}`)).toMatch(/^lost/);
  });
});
