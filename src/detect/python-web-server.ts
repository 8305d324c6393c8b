/**
 * Reads the command line of Python's own web server, so that an alert can say what is served, where, and to whom.
 *
 *   python3 -m http.server [-b ADDRESS] [-d FOLDER] [-p VERSION] [--cgi] [PORT]      Python 3
 *   python2 -m SimpleHTTPServer [PORT]                                               Python 2, every address
 *
 * Source: the modules' own argument parsers (Lib/http/server.py, Lib/SimpleHTTPServer.py). argparse lets a long option
 * be shortened as long as it stays unique, and take its value after `=`; the interpreter lets `-m` be glued to the
 * module and follow other options.
 */
export interface PythonWebServer {
  readonly module: 'http.server' | 'SimpleHTTPServer';
  /** The address bound to; absent when every address is. */
  readonly bind?: string;
  /** Absent when it is the working folder. */
  readonly directory?: string;
  readonly port: number;
}

const DEFAULT_PORT = 8000;
/** Options of the interpreter that take a value of their own. */
const INTERPRETER_VALUES: ReadonlySet<string> = new Set(['-W', '-X', '-Q', '--check-hash-based-pycs']);
const LONG_OPTIONS = ['--bind', '--directory', '--protocol', '--cgi', '--tls-cert', '--tls-key', '--tls-password-file'];

/** `undefined` where the arguments (the program's name first) do not start one of the two modules. */
export function parsePythonWebServer(args: readonly string[]): PythonWebServer | undefined {
  const start = moduleOf(args);
  if (start === undefined) return undefined;
  const { module, rest } = start;
  if (module === 'SimpleHTTPServer') return { module, port: portOf(rest[0]) };
  if (module !== 'http.server') return undefined;
  const values: Record<string, string> = {};
  let port: string | undefined;
  for (let at = 0; at < rest.length; at += 1) {
    const arg = rest[at] as string;
    const option = optionOf(arg);
    if (option === undefined) {
      port ??= arg;
    } else if (option.name !== '--cgi') {
      values[option.name] = option.value ?? rest[at + 1] ?? '';
      if (option.value === undefined) at += 1;
    }
  }
  const { '--bind': bind, '--directory': directory } = values;
  return {
    module,
    port: portOf(port),
    ...(bind === undefined || isEveryAddress(bind) ? {} : { bind }),
    ...(directory === undefined ? {} : { directory }),
  };
}

/** 127.0.0.0/8, ::1 and localhost: only the machine itself reaches it. */
export function isLoopback(address: string): boolean {
  return /^127(?:\.\d{1,3}){3}$|^localhost$|^::1$|^\[::1\]$|^(?:0{0,4}:){7}0{0,3}1$|^::ffff:127\./i.test(address);
}

function isEveryAddress(address: string): boolean {
  return address === '' || address === '0.0.0.0' || address === '::' || address === '[::]';
}

function moduleOf(args: readonly string[]): { module: string; rest: readonly string[] } | undefined {
  for (let at = 1; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (INTERPRETER_VALUES.has(arg)) {
      at += 1;
      continue;
    }
    const glued = /^-[a-zA-Z]*?m(.*)$/.exec(arg);
    if (glued !== null && !arg.startsWith('--') && !/^-[a-zA-Z]*?[cWXQ]/.test(arg.slice(0, arg.indexOf('m') + 1))) {
      const name = glued[1] as string;
      return name === ''
        ? { module: args[at + 1] ?? '', rest: args.slice(at + 2) }
        : { module: name, rest: args.slice(at + 1) };
    }
    if (!arg.startsWith('-') || arg === '-' || arg.startsWith('-c')) return undefined;
  }
  return undefined;
}

function optionOf(arg: string): { name: string; value?: string } | undefined {
  const short = /^-([bdp])(.*)$/s.exec(arg);
  if (short !== null) {
    const name = { b: '--bind', d: '--directory', p: '--protocol' }[short[1] as 'b' | 'd' | 'p'];
    return short[2] === '' ? { name } : { name, value: (short[2] as string).replace(/^=/, '') };
  }
  if (!arg.startsWith('--') || arg === '--') return undefined;
  const [given = '', ...value] = arg.split('=');
  const meant = LONG_OPTIONS.filter((name) => name === given || name.startsWith(given));
  if (meant.length !== 1) return { name: given, value: '' };
  const name = meant[0] as string;
  return value.length === 0 ? { name } : { name, value: value.join('=') };
}

function portOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : DEFAULT_PORT;
}
