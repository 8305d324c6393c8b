/**
 * `vedette rule check`, `show`, `explain`, `convert`, `test`, `history` and `reload`. The work is loaded when a command runs, so that help stays quick.
 */
import { type Command, Option } from 'commander';
import { DIALECTS, type DialectName } from '../dialect/dialect-names.ts';
import type { RuleChanges } from '../engine/chosen-rules.ts';
import { toCount } from './count-option.ts';
import { defaultDataFolder } from './data-folder.ts';
import { EXIT } from './exit.ts';
import { addRuleChangeOptions, type RuleChangeFlags, readRuleChanges } from './rule-change-options.ts';

const PATHS = 'rule files, folders of them, or - for standard input';

interface CheckFlags extends RuleChangeFlags {
  readonly json?: true;
}

interface FieldsFlags extends CheckFlags {
  readonly unresolved?: true;
}

interface CostFlags extends RuleChangeFlags {
  readonly over: string[];
  readonly top: number;
  readonly json?: boolean;
}

interface ExplainFlags extends RuleChangeFlags {
  readonly event: string[];
  readonly matches?: true;
  readonly limit: number;
  readonly exceptions?: string[];
  readonly lists?: string;
  readonly json?: true;
}

interface ConvertFlags extends RuleChangeFlags {
  readonly to: DialectName;
  readonly form: 'query' | 'rule';
  readonly withSystem?: true;
  readonly prove?: string[];
  readonly json?: true;
}

interface TestFlags extends RuleChangeFlags {
  readonly rules?: string[];
  readonly all?: true;
  readonly json?: true;
  readonly junit?: string;
}

export function registerRule(program: Command): void {
  const rule = program
    .command('rule')
    .description('look at rules: check, show, explain, convert and test them, see how they changed')
    .helpCommand(false);

  const check = rule
    .command('check')
    .description('find mistakes in rules')
    .argument('<path...>', PATHS)
    .option('--json', 'one finding a line (NDJSON)')
    .addHelpText(
      'after',
      '\nExit codes: 0 no errors or warnings, 1 errors or warnings, 2 something could not be read.',
    );
  addRuleChangeOptions(check).action(async (paths: readonly string[], flags: CheckFlags) => {
    const changes = await changesOf(flags);
    if (changes === undefined) return;
    const { checkCommand } = await import('./rule-check.ts');
    const options = { json: flags.json === true, ...changes, out: process.stdout };
    process.exitCode = await checkCommand(paths, options);
  });

  const show = rule
    .command('show')
    .description('print rules as a person reads them')
    .argument('<path...>', PATHS)
    .option('--json', 'the whole rule documents, one a line (NDJSON)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all shown, 1 some files hold no readable rule, 2 something could not be read.',
    );
  addRuleChangeOptions(show).action(async (paths: readonly string[], flags: CheckFlags) => {
    const changes = await changesOf(flags);
    if (changes === undefined) return;
    const { showCommand } = await import('./rule-show.ts');
    const streams = { out: process.stdout, errors: process.stderr };
    process.exitCode = await showCommand(paths, { json: flags.json === true, ...changes, ...streams });
  });

  const fields = rule
    .command('fields')
    .description('say which field of each rule resolved to what')
    .argument('<path...>', PATHS)
    .option('--unresolved', 'only rules with a field that nothing knows')
    .option('--json', 'one rule a line (NDJSON), the summary on standard error');
  addRuleChangeOptions(fields).action(async (paths: readonly string[], flags: FieldsFlags) => {
    const changes = await changesOf(flags);
    if (changes === undefined) return;
    const { fieldsCommand } = await import('./rule-fields.ts');
    process.exitCode = await fieldsCommand(paths, {
      json: flags.json === true,
      unresolved: flags.unresolved === true,
      ...changes,
      out: process.stdout,
      errors: process.stderr,
    });
  });

  const explain = rule
    .command('explain')
    .description('say clause by clause why a rule fires on an event or does not')
    .argument('<rule...>', 'a rule file; for a correlation rule also those of the rules that it names')
    .requiredOption('--event <files...>', 'files of events, in any format that scan reads; - for standard input')
    .option('--matches', 'only events on which the rule fires')
    .option('--limit <number>', 'explanations printed at most', toCount, 20)
    .option('-x, --exceptions <paths...>', 'files of exceptions, which may remove what the rule fires on')
    .option('--lists <folder>', 'value lists that exceptions name: NAME.TYPE.txt, one value a line')
    .option('--json', 'one explanation a line (NDJSON)');
  addRuleChangeOptions(explain).action(async (paths: string[], options: ExplainFlags) => {
    const changes = await changesOf(options);
    if (changes === undefined) return;
    const { explainCommand } = await import('./rule-explain.ts');
    process.exitCode = await explainCommand(paths, {
      events: options.event,
      matches: options.matches === true,
      limit: options.limit,
      exceptions: options.exceptions ?? [],
      ...(options.lists === undefined ? {} : { lists: options.lists }),
      ...changes,
      json: options.json === true,
      out: process.stdout,
      errors: process.stderr,
    });
  });

  const cost = rule
    .command('cost')
    .description('say what each rule costs over files of logs, the dearest first')
    .argument('<path...>', PATHS)
    .requiredOption('--over <logs...>', 'files and folders of logs, as scan reads them')
    .option('--top <number>', 'rules shown at most', toCount, 25)
    .option('--json', 'one rule a line (NDJSON), all of them');
  addRuleChangeOptions(cost).action(async (paths: readonly string[], flags: CostFlags) => {
    const changes = await changesOf(flags);
    if (changes === undefined) return;
    const { costCommand } = await import('./rule-cost.ts');
    process.exitCode = await costCommand({
      rules: paths,
      logs: flags.over,
      ...changes,
      json: flags.json === true,
      top: flags.top,
      out: process.stdout,
      errors: process.stderr,
    });
  });

  const convert = rule
    .command('convert')
    .description('say rules in another system’s language: Sentinel, Defender, Elastic')
    .argument('<path...>', PATHS)
    .addOption(new Option('--to <language>', 'the language').choices(DIALECTS).makeOptionMandatory())
    .addOption(
      new Option('--form <form>', 'the query alone, or a rule to import').choices(['query', 'rule']).default('query'),
    )
    .option('--with-system', 'Kusto: ask for the rule’s operating system, which is else left to the table')
    .option('--prove <events...>', 'run rule and query on files of events, and say whether they agree')
    .option('--json', 'one rule a line (NDJSON)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all converted, 1 a rule was not, or its query differs, 2 something could not be read.',
    );
  addRuleChangeOptions(convert).action(async (paths: readonly string[], flags: ConvertFlags) => {
    const changes = await changesOf(flags);
    if (changes === undefined) return;
    const { convertCommand } = await import('./rule-convert.ts');
    process.exitCode = await convertCommand(paths, {
      to: flags.to,
      form: flags.form,
      system: flags.withSystem === true ? 'keep' : 'table',
      prove: flags.prove ?? [],
      ...changes,
      json: flags.json === true,
      out: process.stdout,
      errors: process.stderr,
    });
  });

  const test = rule
    .command('test')
    .description('run the tests beside rules: events, and the alerts they must give')
    .argument(
      '<path...>',
      'tests (name.test.yml, SigmaHQ’s info.yml), folders of them, or rule files with a test beside',
    )
    .option('-r, --rules <paths...>', 'where rules lie that tests name by their id, beside the paths themselves')
    .option('--all', 'print cases that passed, too')
    .option('--json', 'one case a line (NDJSON), the summary on standard error')
    .option('--junit <file>', 'also write the results as JUnit XML')
    .addHelpText(
      'after',
      '\nExit codes: 0 all passed, 1 a case failed or a test is wrong, 2 something could not be read, or there are no tests.',
    );
  addRuleChangeOptions(test).action(async (paths: readonly string[], flags: TestFlags) => {
    const changes = await changesOf(flags);
    if (changes === undefined) return;
    const { testCommand } = await import('./rule-test.ts');
    process.exitCode = await testCommand(paths, {
      rules: flags.rules ?? [],
      ...changes,
      json: flags.json === true,
      all: flags.all === true,
      ...(flags.junit === undefined ? {} : { junit: flags.junit }),
      out: process.stdout,
      errors: process.stderr,
    });
  });

  registerHistory(rule);
}

function registerHistory(rule: Command): void {
  rule
    .command('history')
    .description('print the revisions of a rule, with what changed')
    .argument('<id>', 'the rule’s id')
    .option('--data <folder>', 'the data folder of the service', defaultDataFolder())
    .option('--json', 'one revision a line (NDJSON)')
    .addHelpText('after', '\nExit codes: 0 printed, 1 there is none, 2 the data folder could not be read.')
    .action(async (id: string, { data, json }: { readonly data: string; readonly json?: true }) => {
      const { historyCommand } = await import('./rule-history.ts');
      const streams = { out: process.stdout, errors: process.stderr };
      process.exitCode = await historyCommand(id, { data, json: json === true, ...streams });
    });

  rule
    .command('reload')
    .description('have a running service fetch repositories of rules and read its rules again')
    .option('--data <folder>', 'its data folder', defaultDataFolder())
    .addHelpText('after', '\nExit codes: 0 read again, 2 no service answers.')
    .action(async ({ data }: { readonly data: string }) => {
      const { reloadCommand } = await import('./rule-history.ts');
      process.exitCode = await reloadCommand({ data, out: process.stdout, errors: process.stderr });
    });
}

/** Where a file has a mistake, it is told, and the exit code says so. */
async function changesOf(flags: RuleChangeFlags): Promise<RuleChanges | undefined> {
  const changes = await readRuleChanges(flags, process.stderr);
  if (changes === undefined) process.exitCode = EXIT.failed;
  return changes;
}
