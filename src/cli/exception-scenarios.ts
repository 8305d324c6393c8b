/**
 * `vedette exception scenarios`: the harmless reasons that come with Vedette. One of them is printed as YAML, to be filled
 * in and given to `vedette exception add`.
 */
import { stringify } from 'yaml';
import { EXCEPTION_SCENARIOS } from '../detect/exceptions/scenarios.ts';
import { nearestName } from '../diagnostic/nearest.ts';
import { EXIT } from './exit.ts';
import { style } from './terminal.ts';

export function scenariosCommand(id: string | undefined): number {
  const look = style(process.stdout);
  if (id === undefined) {
    for (const { id, title, description } of EXCEPTION_SCENARIOS) {
      process.stdout.write(`${look.bold(id)}  ${title}\n  ${description}\n\n`);
    }
    process.stdout.write(
      'To choose one:  vedette exception scenarios ID > mine.yaml, fill it in, vedette exception add mine.yaml\n',
    );
    return EXIT.ok;
  }
  const scenario = EXCEPTION_SCENARIOS.find((one) => one.id === id);
  if (scenario === undefined) {
    const ids = EXCEPTION_SCENARIOS.map((one) => one.id);
    const near = nearestName(id, ids);
    const hint = near === undefined ? `There are ${ids.join(', ')}.` : `Did you mean ${near}?`;
    process.stderr.write(`There is no scenario ${JSON.stringify(id.slice(0, 80))}. ${hint}\n`);
    return EXIT.usage;
  }
  const comments = [
    `# ${scenario.title}`,
    `# ${scenario.description}`,
    ...scenario.needs.map(({ at, what }) => `# To fill in, ${at}: ${what}`),
    '# It is off: set enabled to true when it says what you mean.',
  ];
  process.stdout.write(`${comments.join('\n')}\n${stringify(scenario.draft, { lineWidth: 0 })}`);
  return EXIT.ok;
}
