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
  let backslashes = 0;
  for (let at = 0; at < commandLine.length; at += 1) {
    const character = commandLine[at] as string;
    if (character === '\\') {
      backslashes += 1;
    } else if (character === '"') {
      argument = (argument ?? '') + '\\'.repeat(backslashes >> 1);
      if (backslashes % 2 === 1) {
        argument += '"';
      } else {
        if (quoted && commandLine[at + 1] === '"') {
          argument += '"';
          at += 1;
        }
        quoted = !quoted;
      }
      backslashes = 0;
    } else {
      if (backslashes > 0) argument = (argument ?? '') + '\\'.repeat(backslashes);
      backslashes = 0;
      if (quoted || (character !== ' ' && character !== '\t')) {
        argument = (argument ?? '') + character;
      } else if (argument !== undefined) {
        found.push(argument);
        argument = undefined;
      }
    }
  }
  if (backslashes > 0) argument = (argument ?? '') + '\\'.repeat(backslashes);
  if (argument !== undefined) found.push(argument);
  return found;
}
