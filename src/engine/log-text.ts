/**
 * A line of the log for people:
 *
 *   2026-11-22 20:59:01.250 warn   live   storing events failed  waiting=3
 *       The disk is full.
 */
const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** @param line of JSON as pino writes it; anything else stays as it is */
export function logText(line: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { level, time, part, msg, err, ...rest } = fields;
  const when = new Date(Number(time)).toISOString().slice(0, 23).replace('T', ' ');
  const more = Object.entries(rest).map(([name, value]) => `${name}=${oneLine(value)}`);
  const head = [
    `${when} ${(LEVELS[Number(level)] ?? String(level)).padEnd(6)} ${String(part).padEnd(6)} ${oneLine(msg)}`,
  ];
  const text = [...head, ...more].join('  ');
  const { stack, message } = (err ?? {}) as { readonly stack?: string; readonly message?: string };
  const trouble = (stack ?? message ?? '').split('\n').filter((each) => each !== '');
  return `${[text, ...trouble.map((each) => `    ${printed(each)}`)].join('\n')}\n`;
}

function oneLine(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  return /^[^\s"\\]+$/.test(value) ? printed(value) : printed(value).replaceAll('\n', '\\n');
}

/** What a log names may come from an attacker's event: nothing of it may steer the terminal. */
function printed(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  return text.replace(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}
