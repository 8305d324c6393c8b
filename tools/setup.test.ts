import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const tools = fileURLToPath(new URL('.', import.meta.url));
let clone = '';

/** A clone that needs no package, with a stand-in for npm that does what a test says. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'vedette-setup-'));
  mkdirSync(join(clone, 'tools'));
  for (const name of ['setup.mjs', 'setup-lock.mjs', 'setup-failure.mjs', 'source-stamps.mjs'])
    cpSync(join(tools, name), join(clone, 'tools', name));
  writeFileSync(join(clone, 'package.json'), '{"name": "clone", "version": "1.0.0"}');
  writeFileSync(join(clone, 'package-lock.json'), lockFile('1.0.0'));
  npmDoes(INSTALLS);
});
afterEach(() => rmSync(clone, { recursive: true }));

const INSTALLS = `
  fs.appendFileSync('calls', 'install\\n');
  fs.mkdirSync('node_modules', { recursive: true });
  setTimeout(() => fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json'), 300);`;

describe('set-up', () => {
  test('installs once, says so, and then is silent', () => {
    const first = setUp();
    expect(first.status).toBe(0);
    expect(first.stderr).toMatch(/^vedette: installing packages … \d+\.\d s\n$/);
    const second = setUp();
    expect({ status: second.status, output: second.stdout + second.stderr }).toEqual({ status: 0, output: '' });
    expect(calls()).toBe(1);
  });

  test('installs again when the lock file asks for another version', () => {
    setUp();
    writeFileSync(join(clone, 'package-lock.json'), lockFile('1.0.1'));
    expect(setUp().status).toBe(0);
    expect(calls()).toBe(2);
  });

  test('takes packages that were installed by hand', () => {
    mkdirSync(join(clone, 'node_modules'));
    cpSync(join(clone, 'package-lock.json'), join(clone, 'node_modules', '.package-lock.json'));
    expect(setUp().stderr).toBe('');
    expect(calls()).toBe(0);
  });

  test('two at once install once', async () => {
    const both = await Promise.all([setUpAside(), setUpAside()]);
    expect(both).toEqual([0, 0]);
    expect(calls()).toBe(1);
    expect(existsSync(join(clone, '.vedette', 'setup.lock'))).toBe(false);
  });

  test('takes over the lock of a process that is gone', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(join(clone, '.vedette'));
    writeFileSync(join(clone, '.vedette', 'setup.lock'), String(pid));
    expect(setUp().status).toBe(0);
    expect(calls()).toBe(1);
  });

  test.each([
    ['npm error code ENOTFOUND', 'npm’s registry cannot be reached'],
    ['npm error code ENOSPC', 'The disk is full'],
    ['npm error code EACCES', 'A file cannot be written'],
    ['npm error something else', 'installing packages failed'],
  ])('explains %s', (output, explanation) => {
    npmDoes(`console.error('${output}'); process.exitCode = 1;`);
    const run = setUp();
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(explanation);
    expect(run.stderr).toContain(`  ${output}`);
    npmDoes(INSTALLS);
    expect(setUp().status).toBe(0);
  });
});

function setUp() {
  return spawnSync(process.execPath, [join(clone, 'tools', 'setup.mjs')], options());
}

function setUpAside(): Promise<number | null> {
  return new Promise((settle) => {
    spawn(process.execPath, [join(clone, 'tools', 'setup.mjs')], { ...options(), stdio: 'ignore' }).on('close', settle);
  });
}

function options() {
  return { cwd: clone, encoding: 'utf8', env: { ...process.env, npm_execpath: join(clone, 'npm-cli.js') } } as const;
}

function npmDoes(script: string): void {
  writeFileSync(join(clone, 'npm-cli.js'), `const fs = require('node:fs');${script}`);
}

function calls(): number {
  const path = join(clone, 'calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
}

function lockFile(version: string): string {
  return JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version, optional: true } },
  });
}
