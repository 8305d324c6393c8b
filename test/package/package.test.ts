/**
 * The package as a user gets it: packed, installed in an empty folder, imported, type-checked against and run.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const LARGEST_PACKAGE = 4 * 1024 * 1024;
const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ENOTCACHED/;

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
let packed: { filename: string; size: number; files: { path: string }[] };
let offline = false;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-package-'));
  const { code, stdout, stderr } = await run('npm', ['pack', '--json', '--pack-destination', folder], root);
  if (code !== 0) throw new Error(`npm pack failed:\n${stdout}${stderr}`);
  // `prepack` may print before the answer.
  packed = JSON.parse(stdout.slice(stdout.indexOf('[\n')))[0];
  writeFileSync(join(folder, 'package.json'), '{"name": "empty", "version": "1.0.0", "type": "module"}');
  const install = await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', join(folder, packed.filename)],
    folder,
  );
  offline = install.code !== 0 && OFFLINE.test(install.stderr);
  if (install.code !== 0 && !offline) throw new Error(`npm install failed:\n${install.stderr}`);
  cpSync(join(root, 'test/package/web-server-audit.log'), join(folder, 'audit.log'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds JavaScript, declarations, rules, pages and licences, and no sources or tests', () => {
  const paths = packed.files.map(({ path }) => path);
  for (const path of [
    'LICENSE',
    'NOTICE',
    'README.md',
    'bin/vedette.js',
    'dist/engine/index.js',
    'dist/engine/index.d.ts',
    'dist/cli/main.js',
    'rules/elastic/execution_python_webserver_spawned.toml',
    'web/dist/index.html',
    'web/dist/licences.md',
  ]) {
    expect(paths).toContain(path);
  }
  expect(paths.filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
  expect(paths.filter((path) => /\.(test|fixture|conformance)\./.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(LARGEST_PACKAGE);
});

describe('installed in an empty folder', () => {
  test('brings no second Node', (context) => {
    skipOffline(context);
    expect(existsSync(join(folder, 'node_modules', '.bin', 'node'))).toBe(false);
  });

  test('the library scans a log, checks and loads rules', async (context) => {
    skipOffline(context);
    const script = `
      import { checkRules, loadRules, scan } from 'vedette';
      const alerts = [];
      for await (const alert of scan({ logs: ['audit.log'] })) alerts.push(alert);
      const rules = ['node_modules/vedette/rules'];
      const { rules: loaded } = await loadRules(rules);
      const findings = await checkRules(rules);
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      const commands = alerts.map(({ events }) => events[0].process.command_line);
      console.log(JSON.stringify({ commands, names: alerts.map(({ rule }) => rule.name), loaded: loaded.length > 1, errors }));`;
    writeFileSync(join(folder, 'library.mjs'), script);
    const { code, stdout, stderr } = await run('node', ['library.mjs'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { commands, names, loaded, errors } = JSON.parse(stdout);
    expect(new Set(commands)).toEqual(new Set(['python3 -m http.server 8000']));
    expect(names).toEqual(
      expect.arrayContaining(['Web Server Spawned via Python', 'Python WebServer Execution - Linux']),
    );
    expect({ loaded, errors }).toEqual({ loaded: true, errors: 0 });
  });

  test('the declarations are enough for a strict program', async (context) => {
    skipOffline(context);
    mkdirSync(join(folder, 'typed'), { recursive: true });
    writeFileSync(
      join(folder, 'typed', 'program.ts'),
      `import { type Alert, checkRules, loadRules, scan } from 'vedette';
      const reasons: string[] = [];
      for await (const alert of scan({ logs: ['audit.log'] })) reasons.push((alert satisfies Alert).reason);
      const finding = (await checkRules(['rules']))[0];
      export const line: number | undefined = finding?.line;
      export const query: string | undefined = (await loadRules(['rules'])).rules[0]?.document.query;
      // @ts-expect-error A scan needs logs.
      scan({});
      export { reasons };`,
    );
    writeFileSync(
      join(folder, 'typed', 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'es2024',
          lib: ['es2024'],
          module: 'nodenext',
          types: ['node'],
          typeRoots: [join(root, 'node_modules', '@types')],
        },
      }),
    );
    const { code, stdout } = await run('tsc', ['-p', 'typed'], folder);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('the command prints its help, and scans', async (context) => {
    skipOffline(context);
    const command = join(folder, 'node_modules', '.bin', 'vedette');
    const help = await run(command, ['--help'], folder);
    expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: vedette');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect((await run(command, ['--version'], folder)).stdout.trim()).toBe(version);
    const scan = await run(command, ['scan', 'audit.log', '--json'], folder);
    expect(scan.code).toBe(0);
    const alerts = scan.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(alerts.length).toBeGreaterThan(1);
    for (const alert of alerts) expect(alert.events[0].log).toMatchObject({ file: { path: 'audit.log' } });
  });
});

function skipOffline(context: { skip: (note: string) => never }): void {
  if (offline) context.skip('network: the package’s dependencies are neither in npm’s cache nor reachable');
}

function run(program: string, args: string[], cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
  // What npm tells its scripts of the repository must not reach the npm that works in another folder.
  const inherited = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'));
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const options = { cwd, env: { ...Object.fromEntries(inherited), PATH: path, NO_COLOR: '1' }, maxBuffer: 64 << 20 };
  return new Promise((settle) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      settle({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
