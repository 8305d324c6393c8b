/**
 * Reads the command line of Python's own web server, so that an alert can say what is served, where, and to whom, and
 * an exception can be about that.
 *
 *   python3 -m http.server [-b ADDRESS] [-d FOLDER] [-p VERSION] [--cgi] [PORT]      Python 3
 *   python2 -m SimpleHTTPServer [PORT …]                                             Python 2, every address
 *
 * Source: the modules' own argument parsers (Lib/http/server.py, Lib/SimpleHTTPServer.py) and the interpreter's
 * (Python/getopt.c). argparse lets a long option be shortened as long as it stays unique, take its value after `=`, and
 * be repeated: the last one counts. What they refuse starts no server and gives nothing here. Where it takes a closer
 * look to know (`--`, a value that begins with a dash), nothing is given either: whoever believes what is given must not
 * be told of another server than the one that runs.
 */
export interface PythonWebServer {
  readonly module: 'http.server' | 'SimpleHTTPServer';
  /** The address bound to, as it was given; absent where none was, which is every address. */
  readonly bind?: string;
  /** As it was given; absent when it is the working folder. */
  readonly directory?: string;
  readonly port: number;
  /**
   * Whether the words say the same if some of them were one argument with blanks in it, as they may have been where a
   * source gives the command line as one text.
   */
  readonly sureWhenJoined: boolean;
}

const DEFAULT_PORT = 8000;
/** Options whose value may be any text. */
const FREE_TEXT = ['--directory', '--protocol', '--tls-cert', '--tls-key', '--tls-password-file'];
const LONG_OPTIONS = ['--bind', '--cgi', '--help', ...FREE_TEXT];
const SHORT_OPTIONS: Readonly<Record<string, string>> = { '-b': '--bind', '-d': '--directory', '-p': '--protocol' };

/** `undefined` where the arguments (the program's name first) do not start one of the two modules. */
export function parsePythonWebServer(args: readonly string[]): PythonWebServer | undefined {
  const start = moduleOf(args);
  if (start === undefined) return undefined;
  const { module, rest, sure } = start;
  if (module === 'SimpleHTTPServer') {
    // It takes the first argument for the port and looks at no other.
    const port = rest[0] === undefined ? DEFAULT_PORT : portOf(rest[0]);
    return port === undefined ? undefined : { module, port, sureWhenJoined: sure };
  }
  return module === 'http.server' ? readHttpServer(rest, sure) : undefined;
}

function readHttpServer(rest: readonly string[], sureBefore: boolean): PythonWebServer | undefined {
  const values = new Map<string, string>();
  const positional: string[] = [];
  let sure = sureBefore;
  for (let at = 0; at < rest.length; at += 1) {
    const arg = rest[at] as string;
    if (arg === '--') return undefined;
    if (!arg.startsWith('-') || arg === '-') {
      positional.push(arg);
      continue;
    }
    const option = optionOf(arg);
    if (option === undefined || option.name === '--help') return undefined;
    if (option.name === '--cgi') {
      if (option.value !== undefined) return undefined;
      continue;
    }
    if (option.value === undefined) at += 1;
    const value = option.value ?? rest[at];
    if (value === undefined || (option.value === undefined && /^-./s.test(value))) return undefined;
    values.set(option.name, value);
    if (FREE_TEXT.includes(option.name) && at + 1 < rest.length) sure = false;
  }
  const port = positional[0] === undefined ? DEFAULT_PORT : portOf(positional[0]);
  if (port === undefined || positional.length > 1) return undefined;
  const bind = values.get('--bind');
  const directory = values.get('--directory');
  return {
    module: 'http.server',
    port,
    ...(bind === undefined ? {} : { bind }),
    ...(directory === undefined ? {} : { directory }),
    sureWhenJoined: sure,
  };
}

interface ModuleStart {
  readonly module: string;
  /** The module's arguments. */
  readonly rest: readonly string[];
  readonly sure: boolean;
}

/** Flags of the interpreter, of 2 and of 3, after which it goes on to run what it was told. */
const FLAGS = /^[3bBdEiIOPqRsStuvx]$/;

/** `python [OPTIONS] -m MODULE …`, and Windows' `py [-3.12] [OPTIONS] -m MODULE …`. */
function moduleOf(args: readonly string[]): ModuleStart | undefined {
  let sure = true;
  const first = isLauncher(args[0] ?? '') && LAUNCHER_VERSION.test(args[1] ?? '') ? 2 : 1;
  for (let at = first; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (arg === '--check-hash-based-pycs') {
      at += 1;
      continue;
    }
    if (!/^-[^-]/s.test(arg)) return undefined;
    const letters = arg.slice(1);
    const end = [...letters].findIndex((letter) => !FLAGS.test(letter));
    if (end === -1) continue;
    const glued = letters.slice(end + 1);
    switch (letters[end]) {
      case 'm':
        return glued === ''
          ? { module: args[at + 1] ?? '', rest: args.slice(at + 2), sure }
          : { module: glued, rest: args.slice(at + 1), sure };
      case 'W':
      case 'X':
      case 'Q':
        if (glued === '') at += 1;
        sure = false;
        break;
      default:
        return undefined;
    }
  }
  return undefined;
}

const LAUNCHER_VERSION = /^-(?:V:[\w./-]+|[23](?:\.\d+)?(?:-\d+|-32|-64)?)$/;

function isLauncher(program: string): boolean {
  return /(?:^|[\\/])pyw?(?:\.exe)?$/i.test(program);
}

/** Whether a program's name is one of Python's interpreters, or Windows' launcher of them. */
export function isPython(name: string): boolean {
  return /^(?:python|pypy)w?[\d.]*(?:\.exe)?$|^pyw?(?:\.exe)?$/i.test(name);
}

function optionOf(arg: string): { readonly name: string; readonly value?: string } | undefined {
  const short = SHORT_OPTIONS[arg.slice(0, 2)];
  if (short !== undefined) return arg.length === 2 ? { name: short } : { name: short, value: gluedValue(arg) };
  if (!arg.startsWith('--')) return undefined;
  const [given = '', ...value] = arg.split('=');
  const exact = LONG_OPTIONS.includes(given);
  const meant = exact ? [given] : LONG_OPTIONS.filter((name) => name.startsWith(given));
  const [name] = meant;
  if (name === undefined || meant.length > 1) return undefined;
  return value.length === 0 ? { name } : { name, value: value.join('=') };
}

/** Of `-b127.0.0.1` and `-b=127.0.0.1`. */
function gluedValue(arg: string): string {
  return arg[2] === '=' ? arg.slice(3) : arg.slice(2);
}

/** As Python's `int` reads it; `undefined` where it does not, or where it is no port. */
function portOf(text: string): number | undefined {
  if (!/^\s*\+?\d+(?:_\d+)*\s*$/.test(text)) return undefined;
  const port = Number(text.replaceAll('_', ''));
  return port <= 65_535 ? port : undefined;
}
