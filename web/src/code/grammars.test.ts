import { StringStream } from '@codemirror/language';
import { describe, expect, it } from 'vitest';
import { KEYWORDS, type TokenKind } from '../../../src/language/eql/token.ts';
import { tokenize } from '../../../src/language/eql/tokenize.ts';
import { tokenizeKuery } from '../../../src/language/kuery/tokenize.ts';
import { EXAMPLES } from '../rules/examples.ts';
import { EQL_KEYWORDS, eqlGrammar } from './eql-grammar.ts';
import type { Grammar, Piece } from './grammar.ts';
import { guessGrammar } from './grammars.ts';
import { jsonGrammar } from './json-grammar.ts';
import { kueryGrammar } from './kuery-grammar.ts';
import { kustoGrammar } from './kusto-grammar.ts';
import { pageGrammar } from './page-grammar.ts';
import { tomlGrammar } from './toml-grammar.ts';
import { yamlGrammar } from './yaml-grammar.ts';

interface Coloured {
  readonly start: number;
  readonly end: number;
  readonly piece: Piece;
}

/** Pieces with their offsets in the whole text, neighbours of one kind joined. */
function colour<State>(grammar: Grammar<State>, text: string): readonly Coloured[] {
  const state = grammar.startState();
  const pieces: { start: number; end: number; piece: Piece }[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const stream = new StringStream(line, 2, 2);
    while (!stream.eol()) {
      stream.start = stream.pos;
      const piece = grammar.token(stream, state);
      if (stream.pos === stream.start) throw new Error(`no step at ${stream.pos} of ${JSON.stringify(line)}`);
      pieces.push({ start: at + stream.start, end: at + stream.pos, piece });
    }
    at += line.length + 1;
  }
  return pieces;
}

/** `keyword:where` and so on, blanks and ordinary text left out. */
function said<State>(grammar: Grammar<State>, text: string): string[] {
  return colour(grammar, text).flatMap(({ start, end, piece }) =>
    piece === null ? [] : [`${piece}:${text.slice(start, end)}`],
  );
}

describe('EQL', () => {
  const EXPECTED: Readonly<Partial<Record<TokenKind, readonly Piece[]>>> = {
    keyword: ['keyword'],
    string: ['string'],
    integer: ['number'],
    decimal: ['number'],
    name: ['propertyName', 'variableName'],
    'quoted-name': ['propertyName'],
    'tilde-name': ['variableName', 'propertyName'],
    symbol: [null],
  };
  const QUERIES = [
    'process where host.os.type == "linux" and not process.name in~ ("a", "b\\"c")',
    'sequence by host.id with maxspan=1m\n  [file where true] by user.id // one\n  [process where endsWith~(a, ".exe")]\nuntil [any where x : """raw "quoted" text"""]',
    'any where /* over\nlines, /* nested */ still */ process.pid >= 1.5e3 or `odd-name` == null',
    'file where ?optional.field like~ "x*" and a.in == 3 and arr[0] == .5',
    'sample by host.id [any where true] [any where false]',
    'sequence by ?user.id with maxspan=90s\n  ["my events" where true] with runs=3\n  ![any where process.name : "a?"] by `a-b`.c\nuntil [file where true]\n| head 10 | tail 2',
    EXAMPLES[0]?.text.split("'''")[1] ?? '',
  ];

  it.each(QUERIES)('colours what the parser takes for a word, a string, a number: %s', (text) => {
    const pieces = colour(eqlGrammar, text);
    const tokens = tokenize(text).filter(({ kind }) => kind !== 'end');
    expect(tokens.some(({ kind }) => kind === 'error')).toBe(false);
    for (const { kind, start, end } of tokens) {
      const seen = pieces.filter((piece) => piece.start < end && piece.end > start).map(({ piece }) => piece);
      // A keyword behind a dot is part of a field’s name, to the eye.
      const isName = kind === 'keyword' && text[start - 1] === '.';
      const wanted = isName ? EXPECTED.name : EXPECTED[kind];
      for (const piece of seen) expect(wanted, `${kind} ${text.slice(start, end)}`).toContain(piece);
    }
    const comments = pieces.filter(({ piece }) => piece === 'comment');
    for (const { start, end } of comments) {
      expect(tokens.some((token) => token.start < end && token.end > start)).toBe(false);
    }
  });

  it('knows the keywords of the parser', () => {
    expect([...EQL_KEYWORDS].sort()).toEqual([...KEYWORDS].sort());
  });
});

describe('Kibana’s query language', () => {
  it.each([
    'process.name: (curl or "a b") AND NOT process.pid >= 7',
    'host.os.type:linux and\n  files: { a: py* and not b: "x\\"y" }\n  or "quoted.name" : C\\:\\\\x',
    'and: or-else or c\\(d',
  ])('colours what the parser takes for a word, a string, a name: %s', (text) => {
    const pieces = colour(kueryGrammar, text);
    const tokens = tokenizeKuery(text).filter(({ kind }) => kind !== 'end');
    for (const [at, { kind, start, end }] of tokens.entries()) {
      const isName = /^[:<>]/.test(tokens[at + 1]?.kind === 'symbol' ? (tokens[at + 1]?.text ?? '') : '');
      const wanted = kind === 'keyword' ? 'keyword' : kind === 'symbol' ? null : isName ? 'propertyName' : 'string';
      const seen = pieces.filter((piece) => piece.start < end && piece.end > start).map(({ piece }) => piece);
      expect(seen, text.slice(start, end)).toEqual(seen.map(() => wanted));
    }
  });
});

it('Kusto: operators, strings in all their forms, comments, times', () => {
  const text = `imProcessCreate // all
| where Name !has "a\\"b" and Line contains @"c:\\" or t > ago(1h)
| project-away x, ['odd name']
| extend y = \`\`\`over
lines\`\`\``;
  expect(said(kustoGrammar, text)).toEqual([
    'propertyName:imProcessCreate',
    'comment:// all',
    'keyword:where',
    'propertyName:Name',
    'keyword:!has',
    'string:"a\\"b"',
    'keyword:and',
    'propertyName:Line',
    'keyword:contains',
    'string:@"c:\\"',
    'keyword:or',
    'propertyName:t',
    'variableName:ago',
    'number:1h',
    'keyword:project-away',
    'propertyName:x',
    "string:'odd name'",
    'keyword:extend',
    'propertyName:y',
    'string:```over',
    'string:lines```',
  ]);
});

it('YAML: keys, Sigma’s modifiers and conditions, blocks of text, and a query in one', () => {
  const text = `title: A # B is no comment, this #is
detection:
  sel:
    Image|endswith:
      - '/a'   # one
      - "it's"
  condition: 1 of sel* and not other
description: |
  free: text

query: |-
  T | where a == 1
level: low`;
  expect(said(yamlGrammar, text)).toEqual([
    'propertyName:title',
    'string:A',
    'comment:# B is no comment, this #is',
    'propertyName:detection',
    'propertyName:sel',
    'propertyName:Image',
    'keyword:|endswith',
    "string:'/a'",
    'comment:# one',
    'string:"it\'s"',
    'propertyName:condition',
    'keyword:1',
    'keyword:of',
    'propertyName:sel*',
    'keyword:and',
    'keyword:not',
    'propertyName:other',
    'propertyName:description',
    'string:  free: text',
    'propertyName:query',
    'propertyName:T',
    'keyword:where',
    'propertyName:a',
    'number:1',
    'propertyName:level',
    'string:low',
  ]);
});

it('TOML: keys, tables, strings over lines, and the EQL in a query', () => {
  const text = `[rule] # one
risk_score = 47
tags = ["a # b"]
note = """
x = 1 "" """
query = '''
process where true'''`;
  expect(said(tomlGrammar, text)).toEqual([
    'heading:[rule]',
    'comment:# one',
    'propertyName:risk_score',
    'number:47',
    'propertyName:tags',
    'string:"a # b"',
    'propertyName:note',
    'string:"""',
    'string:x = 1 "" """',
    'propertyName:query',
    "string:'''",
    'propertyName:process',
    'keyword:where',
    'keyword:true',
    "string:'''",
  ]);
});

it('JSON and pages', () => {
  expect(said(jsonGrammar, '{"a": ["b\\"", 1, null]}')).toEqual([
    'propertyName:"a"',
    'string:"b\\""',
    'number:1',
    'number:null',
  ]);
  expect(said(pageGrammar, '# Title\nwith `code` in it\n```\nx\n```')).toEqual([
    'heading:# Title',
    'string:`code`',
    'comment:```',
    'string:x',
    'comment:```',
  ]);
});

it('guesses the form that a text is written in', () => {
  expect(EXAMPLES.map(({ text }) => guessGrammar(text))).toEqual(['toml', 'toml', 'yaml', 'yaml']);
  expect(guessGrammar('{"id": "x", "name": "y"}\n{"id": "z"}')).toBe('json');
  expect(guessGrammar('{\n  "id": "x"\n}')).toBe('json');
  expect(guessGrammar('# Web Server\n\nIdentifies a web server that was started by hand.\n\nRule type: eql\n')).toBe(
    'page',
  );
  expect(guessGrammar('')).toBe('page');
});
