/**
 * Fields that exceptions may read and no document holds: what a command line says, parsed.
 *
 *   event ──arguments──▶ python.web_server.*, script.path ──overlay──▶ view of the event
 *
 * They stand for what surely runs. Where that is in doubt the field is missing, so that a positive condition does not
 * hold and the alert stays:
 *   - arguments of which some were lost (`process.args_count` says more), or a program that is no Python;
 *   - a shell's `-c` text that is more than one simple command (`shell-words.ts`), since another may stand behind it;
 *   - a source that gives the command line as one text: an argument may have held blanks. `-d 'x -b 127.0.0.1'` reads
 *     like two options there. Only command lines that mean the same either way are taken from such a source.
 *
 * What a source sends under these names is not looked at.
 */
import type { FieldTypeName } from '../../event/ecs-fields.ts';
import type { Event } from '../../event/event.ts';
import type { Json } from '../../event/json.ts';
import { reachOf } from '../bind-address.ts';
import { isPython, type PythonWebServer, parsePythonWebServer } from '../python-web-server.ts';
import { splitShellWords } from '../shell-words.ts';
import { resolvePath } from './resolve-path.ts';

export interface ParsedField {
  readonly name: string;
  readonly type: FieldTypeName;
  /** For people: what it holds. */
  readonly about: string;
  /** Must not stand alone: offered only beside entries that say whose it is (`ExceptionCheck.narrowed`). */
  readonly beside?: true;
}

export const PARSED_FIELDS: readonly ParsedField[] = [
  {
    name: 'python.web_server.module',
    type: 'keyword',
    about:
      'http.server or SimpleHTTPServer, where the process, or the one command of the shell, is Python’s web server',
  },
  { name: 'python.web_server.reach', type: 'keyword', about: 'who can connect: loopback, address or everyone' },
  { name: 'python.web_server.bind', type: 'keyword', about: 'the address given with -b or --bind' },
  {
    name: 'python.web_server.port',
    type: 'long',
    about: 'the port, also where it is the default of 8000',
    beside: true,
  },
  {
    name: 'python.web_server.directory',
    type: 'keyword',
    about: 'the folder served, absolute and without . and ..: --directory, otherwise the working folder',
  },
  {
    name: 'script.path',
    type: 'keyword',
    about:
      'the script files, absolute and without . and .., that the process’s interpreter and its parent’s were given',
  },
];

const TYPES: ReadonlyMap<string, FieldTypeName> = new Map(PARSED_FIELDS.map(({ name, type }) => [name, type]));

/** `undefined` for a field that is not parsed from arguments. */
export function parsedFieldType(name: string): FieldTypeName | undefined {
  return TYPES.get(name);
}

/** The event with the parsed fields, each read when it is asked for first. */
export function withParsedFields(event: Event): Event {
  let values: ReadonlyMap<string, Json> | undefined;
  return event.overlaid((field) => {
    if (!TYPES.has(field)) return undefined;
    values ??= parse(event);
    return { value: values.get(field) };
  });
}

function parse(event: Event): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  const scripts = [scriptOf(event, 'process'), scriptOf(event, 'process.parent')].filter((path) => path !== undefined);
  if (scripts.length > 0) values.set('script.path', scripts);
  const server = serverOf(event);
  if (server === undefined) return values;
  values.set('python.web_server.module', server.module);
  values.set('python.web_server.reach', reachOf(server.bind));
  values.set('python.web_server.port', server.port);
  if (server.bind !== undefined) values.set('python.web_server.bind', server.bind);
  const working = event.text('process.working_directory');
  const directory = server.directory === undefined ? working : server.directory;
  const served = directory === undefined ? undefined : resolvePath(directory, working);
  if (served !== undefined) values.set('python.web_server.directory', served);
  return values;
}

function serverOf(event: Event): PythonWebServer | undefined {
  const args = argumentsOf(event, 'process');
  if (args === undefined) return undefined;
  const exact = hasExactArguments(event);
  const name = programOf(event, 'process', args);
  if (isPython(name)) return certain(parsePythonWebServer(args), exact);
  if (!exact || !SHELLS.has(name)) return undefined;
  const words = commandOfShell(args);
  const [program = ''] = words ?? [];
  return words !== undefined && isPython(lastPart(program)) ? parsePythonWebServer(words) : undefined;
}

function certain(server: PythonWebServer | undefined, exact: boolean): PythonWebServer | undefined {
  return server !== undefined && (exact || server.sureWhenJoined) ? server : undefined;
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'csh', 'tcsh', 'fish', 'ash']);
/** Of the shells' flags those that change nothing of what the command's words are, and take no value. */
const SHELL_FLAGS = /^-[cehilux]+$/;
/** Before the command, and then it runs in the shell's place or without its terminal. */
const PASSED_THROUGH: ReadonlySet<string> = new Set(['exec', 'nohup', 'setsid']);

/** The words of a shell's one command, `undefined` where there is none or it is more than that. */
function commandOfShell(args: readonly string[]): readonly string[] | undefined {
  let at = 1;
  let isCommand = false;
  for (; SHELL_FLAGS.test(args[at] ?? ''); at += 1) isCommand ||= (args[at] as string).includes('c');
  const text = args[at];
  if (!isCommand || text === undefined || text.startsWith('-')) return undefined;
  const words = splitShellWords(text);
  if (words === undefined) return undefined;
  const start = words.findIndex((word) => !PASSED_THROUGH.has(word));
  return start === -1 ? undefined : words.slice(start);
}

/**
 * Interpreters whose first operand is a file that they run, with those of their options that take no value and nothing
 * of the program from elsewhere (`-c`, `-m`, a shell's `-s`).
 */
const INTERPRETERS: readonly (readonly [name: RegExp, plainOption: RegExp])[] = [
  [/^(?:python|pypy)[\d.]*(?:\.exe)?$/i, /^-[BdEIOPqRsSuvx]+$/],
  [/^(?:sh|bash|dash|zsh|ksh|ash)(?:\.exe)?$/i, /^-[eluvx]+$/],
  [/^(?:perl|ruby|node|php|lua)[\d.]*(?:\.exe)?$/i, /^-w$/],
];

function scriptOf(event: Event, at: 'process' | 'process.parent'): string | undefined {
  const args = argumentsOf(event, at);
  const program = args === undefined ? '' : programOf(event, at, args);
  const option = INTERPRETERS.find(([name]) => name.test(program))?.[1];
  if (args === undefined || option === undefined) return undefined;
  let first = 1;
  while (option.test(args[first] ?? '')) first += 1;
  const script = args[first];
  if (script === undefined || script.startsWith('-')) return undefined;
  return resolvePath(script, event.text(`${at}.working_directory`));
}

function argumentsOf(event: Event, at: 'process' | 'process.parent'): readonly string[] | undefined {
  const args = event.values(`${at}.args`).map(String);
  const count = event.text(`${at}.args_count`);
  return args.length === 0 || (count !== undefined && Number(count) !== args.length) ? undefined : args;
}

/** The program's own name: of a script, the name that Linux gives the process is the script's. */
function programOf(event: Event, at: 'process' | 'process.parent', args: readonly string[]): string {
  return lastPart(event.text(`${at}.executable`) ?? event.text(`${at}.name`) ?? args[0] ?? '');
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) as string;
}

/** Whether the source gives the arguments one by one, as the system was given them. */
function hasExactArguments(event: Event): boolean {
  if (event.format === 'procfs') return true;
  if (event.format === 'auditd') return event.text('auditd.message_type') === 'syscall';
  if (event.format !== 'elastic-defend') return false;
  const module = event.text('event.module') ?? event.dataStreams[0]?.replace(/^logs-/, '').split(/[.-]/)[0];
  return module === 'endpoint' || module === 'auditd';
}
