/**
 * A command line split into arguments as Windows programs split it (the C runtime's rules before 2008): quotes group
 * and are dropped, `\"` is a quote, `\\` before a quote is one backslash, `""` within quotes is a quote and ends them.
 *
 * Elastic's integrations split this way for every system, also where a Unix shell would not have.
 */
export function splitWindowsArguments(commandLine: string): string[] {
  const found: string[] = [];
  let argument: string | undefined;
  let quoted = false;
  // Runs of plain characters, of backslashes, of backslashes with the quote after them, and of blanks, each at once.
  const parts = /[^\\" \t]+|\\+"?|"|[ \t]+/g;
  for (let match = parts.exec(commandLine); match !== null; match = parts.exec(commandLine)) {
    const [part] = match;
    const last = part[part.length - 1];
    if (last === '"') {
      const backslashes = part.length - 1;
      argument = (argument ?? '') + '\\'.repeat(backslashes >> 1);
      if (backslashes % 2 === 1) {
        argument += '"';
      } else {
        if (quoted && commandLine[parts.lastIndex] === '"') {
          argument += '"';
          parts.lastIndex += 1;
        }
        quoted = !quoted;
      }
    } else if (!quoted && (last === ' ' || last === '\t')) {
      if (argument !== undefined) found.push(argument);
      argument = undefined;
    } else {
      argument = (argument ?? '') + part;
    }
  }
  if (argument !== undefined) found.push(argument);
  return found;
}
