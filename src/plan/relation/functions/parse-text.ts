/**
 * Texts of known forms as dynamic values: URLs, paths, CSV, versions, command lines, XML.
 *
 * Source: Microsoft's page on each function; command lines by the rules of `CommandLineToArgvW`.
 */
import type { Json } from '../../../event/json.ts';
import type { ScalarFunction } from '../function.ts';
import { textAt } from './arguments.ts';
import { percentDecoded } from './encoding.ts';
import { xmlToJson } from './xml-json.ts';

export const PARSE_TEXT_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  parse_url: (args, signature) => parseUrl(textAt(args, signature, 0)),
  parse_urlquery: (args, signature) => ({
    'Query Parameters': parseQuery(textAt(args, signature, 0).replace(/^\?/, '')),
  }),
  parse_path: (args, signature) => parsePath(textAt(args, signature, 0)),
  parse_csv: (args, signature) => parseCsv(textAt(args, signature, 0)),
  parse_version: (args, signature) => {
    const text = textAt(args, signature, 0).trim();
    if (!/^\d{1,8}(?:\.\d{1,8}){0,3}$/.test(text)) return null;
    const parts = text.split('.');
    return String(BigInt([0, 1, 2, 3].map((at) => (parts[at] ?? '').padStart(8, '0')).join('')));
  },
  parse_command_line: (args, signature) => {
    const text = textAt(args, signature, 0);
    return textAt(args, signature, 1).toLowerCase() === 'windows' && text !== '' ? parseCommandLine(text) : null;
  },
  parse_xml: (args, signature) => xmlToJson(textAt(args, signature, 0)),
};

function parseUrl(text: string): Json {
  const [, scheme = '', authority = '', path = '', query, fragment = ''] =
    /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(text) ?? [];
  const at = authority.lastIndexOf('@');
  const [user = '', ...password] = authority.slice(0, Math.max(0, at)).split(':');
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? [];
  return {
    Scheme: scheme,
    Host: host,
    Port: port,
    Path: path,
    Username: user,
    Password: password.join(':'),
    'Query Parameters': parseQuery(query ?? ''),
    Fragment: fragment,
  };
}

function parseQuery(query: string): Json {
  const bag = new Map<string, Json>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    bag.set(percentDecoded(name), percentDecoded(value));
  }
  return Object.fromEntries(bag);
}

function parsePath(text: string): Json {
  const [, scheme = '', rest = text] = /^([A-Za-z][\w+.-]+):\/\/([\s\S]*)$/.exec(text) ?? [];
  const lastSlash = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\'));
  const [file = '', ...stream] = rest.slice(lastSlash + 1).split(':');
  const directory = lastSlash === -1 ? '' : rest.slice(0, lastSlash);
  const dot = file.lastIndexOf('.');
  return {
    Scheme: scheme,
    RootPath: /^[A-Za-z]:/.exec(rest)?.[0] ?? '',
    DirectoryPath: directory,
    DirectoryName: /[^/\\]*$/.exec(directory)?.[0] ?? '',
    Filename: file,
    Extension: dot === -1 ? '' : file.slice(dot + 1),
    AlternateDataStreamName: stream.join(':'),
  };
}

/** The first record only. */
function parseCsv(text: string): Json {
  const fields: string[] = [];
  let [field, at, inQuotes] = ['', 0, false];
  for (; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (inQuotes) {
      if (character !== '"') field += character;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else inQuotes = false;
    } else if (character === '"' && field === '') inQuotes = true;
    else if (character === ',') {
      fields.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') break;
    else field += character;
  }
  return [...fields, field];
}

function parseCommandLine(text: string): Json {
  const words: string[] = [];
  let [word, at, inQuotes, hasWord] = ['', 0, false, false];
  // The program's name knows no backslashes that escape.
  const first = /^(?:"([^"]*)"?|([^\s"]*))/.exec(text);
  if (first !== null && !/^\s/.test(text)) {
    words.push(first[1] ?? first[2] ?? '');
    at = first[0].length;
  }
  for (; at < text.length; at += 1) {
    const slashes = /^\\*/.exec(text.slice(at))?.[0].length ?? 0;
    if (slashes > 0) {
      at += slashes - 1;
      hasWord = true;
      if (text.charAt(at + 1) !== '"') word += '\\'.repeat(slashes);
      else {
        word += '\\'.repeat(Math.floor(slashes / 2));
        if (slashes % 2 === 1) {
          word += '"';
          at += 1;
        }
      }
      continue;
    }
    const character = text.charAt(at);
    if (character === '"') {
      if (inQuotes && text.charAt(at + 1) === '"') {
        word += '"';
        at += 1;
      } else inQuotes = !inQuotes;
      hasWord = true;
    } else if (!inQuotes && (character === ' ' || character === '\t')) {
      if (hasWord) words.push(word);
      [word, hasWord] = ['', false];
    } else {
      word += character;
      hasWord = true;
    }
  }
  if (hasWord) words.push(word);
  return words;
}
