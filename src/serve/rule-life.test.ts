/** A rule from a git repository as the API shows it: fetched, changed here and there, tried on stored events. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { requireGit } from '../../test/requirement.ts';
import { Previews } from '../engine/previews.ts';
import { compileOptionsOf } from '../engine/rule-book.ts';
import { type Service, startService } from '../engine/service.ts';
import { type Served, serve } from './server.fixture.ts';

const ruleText = (severity: string, more = '') => `[rule]
name = "Any login"
rule_id = "login"
type = "eql"
language = "eql"
severity = "${severity}"
risk_score = ${severity === 'low' ? 21 : 73}
query = 'any where host.hostname == "web-2"'
${more}`;

/** A moment ago: what is older than is kept would not be stored. */
const START = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
const at = (second: number) => new Date(START + second * 1_000).toISOString();

const folder = mkdtempSync(join(tmpdir(), 'vedette-life-'));
const [work, bare, log] = [join(folder, 'work'), join(folder, 'bare.git'), join(folder, 'auth.log')];
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=ana', '-c', 'user.email=a@b', '-C', cwd, ...args], { stdio: 'pipe' });
const push = (text: string) => {
  writeFileSync(join(work, 'rules', 'login.toml'), text);
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '-m', 'A change');
  git(work, 'push', '-q', bare, 'main');
};

let service: Service | undefined;
let served: Served | undefined;
let previews: Previews | undefined;
afterAll(async () => {
  previews?.close();
  await served?.server.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let begun: Promise<void> | undefined;
beforeEach((context) => {
  requireGit(context);
  begun ??= begin();
  return begun;
});

async function begin(): Promise<void> {
  mkdirSync(join(work, 'rules'), { recursive: true });
  git(work, 'init', '-q', '-b', 'main');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare]);
  push(ruleText('low'));
  const line = (second: number) => `${at(second)} web-2 sshd[7]: Failed password for eve from 192.0.2.7 port 9 ssh2\n`;
  writeFileSync(log, [1, 2, 3].map(line).join(''));
  const dataFolder = join(folder, 'data');
  const rules = [`git+file://${bare}#main:rules`];
  const running = await startService({ dataFolder, rules, sample: false, watch: false, follow: [log] });
  service = running;
  const tries = new Previews({ dataFolder, rules });
  previews = tries;
  served = serve({
    rules: () => running.rules.entries,
    overlayRule: (...asked) => running.overlayRule(...asked),
    reloadRules: () => running.reloadRules(),
    previews: {
      start: (asked) => tries.start(asked, compileOptionsOf(running.rules)),
      state: (id) => tries.state(id),
      cancel: (id) => tries.cancel(id),
    },
  });
}

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) {
  const body = payload ?? (method === 'GET' ? undefined : {});
  const response = await (served as Served).server.app.inject({ method, url, ...(body && { payload: body }) });
  return response.json();
}

describe('a rule from a repository', () => {
  it('is there once it is fetched, and says where it comes from', async () => {
    expect(await ask('POST', '/api/rules/reload')).toEqual({ reloaded: true });
    expect(await ask('GET', '/api/rules/login')).toMatchObject({
      severity: 'low',
      origin: { repository: `file://${bare}`, commit: expect.stringMatching(/^[0-9a-f]{40}$/), author: 'ana' },
      overlay: [],
    });
  });

  it('changed here, and then there, shows what each of the three says, and takes either', async () => {
    expect(await ask('PUT', '/api/rules/login/overlay', { severity: 'medium', by: 'ben' })).toMatchObject({
      severity: 'medium',
      changed_here: true,
      overlay: [{ key: 'severity', value: 'medium', base: 'low', theirs: 'low', conflict: false, by: 'ben' }],
    });
    push(ruleText('high'));
    await ask('POST', '/api/rules/reload');
    expect(await ask('GET', '/api/rules/login')).toMatchObject({
      severity: 'medium',
      upstream_changed: true,
      overlay: [{ key: 'severity', value: 'medium', base: 'low', theirs: 'high', conflict: true }],
    });
    expect(await ask('PUT', '/api/rules/login/overlay', { severity: 'medium' })).toMatchObject({
      severity: 'medium',
      overlay: [{ base: 'high', theirs: 'high', conflict: false }],
    });
    expect(await ask('PUT', '/api/rules/login/overlay', { severity: null })).toMatchObject({
      severity: 'high',
      overlay: [],
    });
  });

  it('broken there runs on as it was, and says so', async () => {
    push(ruleText('high', 'from = "soon"'));
    await ask('POST', '/api/rules/reload');
    expect(await ask('GET', '/api/rules/login')).toMatchObject({ kept_revision: 2, errors: 1 });
  });
});

describe('a preview', () => {
  const range = { from: at(0), to: at(3) };
  const isDone = async (id: number) => (await ask('GET', `/api/rules/preview/${id}`)).state;

  it('tells what the text would have alerted on, and is forgotten when it is taken back', async () => {
    await expect.poll(() => (service as Service).source(`file:${log}`)).toMatchObject({ events: 3 });
    const { preview, findings } = await ask('POST', '/api/rules/preview', { text: ruleText('low'), ...range });
    expect(findings).toEqual([]);
    await expect.poll(() => isDone(preview)).toBe('done');
    const { report } = await ask('GET', `/api/rules/preview/${preview}`);
    expect(report).toMatchObject({
      events: 2,
      from: at(0),
      rules: [{ id: 'login', funnel: { matched: 2, created: 2 } }],
    });
    expect(await ask('DELETE', `/api/rules/preview/${preview}`)).toEqual({ removed: true });
    expect(await ask('GET', `/api/rules/preview/${preview}`)).toMatchObject({ error: { code: 'preview-not-found' } });
  });

  it.each([
    [{ from: range.to, to: range.from }, 'body-invalid'],
    [{ from: 'yesterday', to: range.to }, 'body-invalid'],
  ])('is refused of a time that is none (%#)', async (asked, code) => {
    expect((await ask('POST', '/api/rules/preview', { text: ruleText('low'), ...asked })).error.code).toBe(code);
  });

  it('of a text that holds no rule shows its mistakes', async () => {
    const { preview, findings } = await ask('POST', '/api/rules/preview', {
      text: ruleText('low', 'from = 1'),
      ...range,
    });
    expect(preview).toBeUndefined();
    expect(findings).toMatchObject([{ severity: 'error' }]);
  });
});
