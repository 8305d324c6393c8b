/** The commented file of configuration: every option with what it is for and what holds without it, commented out. */
import type { Option, OptionValue } from './option.ts';
import { GROUPS, OPTION_NAMES, optionOf, placeOf } from './options.ts';

const HEAD = `# Vedette’s configuration. Every option is shown with its default, or with an example where the default is none;
# take the # away before a key to change it. A flag of \`vedette start\` or a variable of the environment (named at each
# option) goes before this file. Relative paths begin at this file’s folder. \`vedette config check\` finds mistakes;
# \`vedette config schema > vedette.schema.json\` lets an editor find them:
# yaml-language-server: $schema=vedette.schema.json
`;

export function commentedFile(): string {
  const parts = [HEAD];
  let open: string | undefined;
  for (const name of OPTION_NAMES) {
    const [group, key] = placeOf(name);
    if (group !== undefined && group !== open) parts.push(`# ${GROUPS[group]}\n${group}:`);
    open = group;
    parts.push(commented(key, optionOf(name), group === undefined ? '' : '  '));
  }
  return parts.join('\n');
}

function commented(key: string, option: Option, indent: string): string {
  const otherwise = option.otherwise === undefined ? '' : ` Default: ${option.otherwise}.`;
  const comment = wrap(`${option.about}${otherwise} (${option.environment})`, 110 - indent.length);
  const shown = option.default ?? option.example ?? option.otherwise ?? '';
  return [...comment.map((line) => `${indent}# ${line}`), `${indent}# ${key}: ${yamlOf(shown)}`, ''].join('\n');
}

function yamlOf(value: OptionValue): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
