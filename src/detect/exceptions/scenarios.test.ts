import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../event/json.ts';
import type { Exception } from '../exception.ts';
import { checkException } from './check.ts';
import { eventOf, exceptionOf, removes } from './exception.fixture.ts';
import { EXCEPTION_SCENARIOS } from './scenarios.ts';

/** A process of Elastic Defend's, whose arguments are as the system was given them. */
const start = (args: readonly string[], process: JsonObject = {}, more: JsonObject = {}) =>
  eventOf({
    event: { category: ['process'], type: ['start'], module: 'endpoint' },
    user: { name: 'ada' },
    process: {
      name: (args[0] as string).split('/').at(-1) as string,
      args: [...args],
      args_count: args.length,
      working_directory: '/home/ada',
      ...process,
    },
    ...more,
  });
const words = (command: string) => command.split(' ');
const shell = (text: string, ...more: string[]) => start(['/bin/bash', '-c', text, ...more]);

/** The scenario turned on and filled in. */
function chosen(id: string, filled: Readonly<Record<string, string>> = {}): Exception {
  const { draft } = EXCEPTION_SCENARIOS.find((scenario) => scenario.id === id) ?? {};
  if (draft === undefined) throw new Error(`no scenario ${id}`);
  const text = JSON.stringify(draft.condition).replaceAll(/<[a-z ]+>/g, (open) => filled[open] ?? open);
  return exceptionOf([], { rules: 'all', condition: JSON.parse(text), scenario: id });
}

describe('the scenario of a server bound to loopback', () => {
  const exception = chosen('python-web-server-loopback');

  it.each([
    'python3 -m http.server -b 127.0.0.1',
    'python3 -m http.server 8000 --bind 127.0.0.1',
    'python3 -m http.server --bind=localhost 9000 -d /srv',
    'python3 -m http.server -b ::1',
    'python3 -um http.server -b127.3.4.5',
    'python3 -m http.server --bin=127.0.0.1',
    'python3 -m http.server -b 0.0.0.0 -b 127.0.0.1',
    'python3 -m http.server -d /srv -b 127.1',
    'py -3 -m http.server -b 127.0.0.1',
  ])('removes %s', async (command) => expect(await removes(exception, [start(words(command))])).toBe(true));

  it.each([
    'python3 -m http.server -b 127.0.0.1',
    "exec python3 -m http.server -b '127.0.0.1' 8080",
    'nohup /usr/bin/python3 -m http.server "--bind=localhost"',
  ])('removes the shell that runs %s', async (text) => expect(await removes(exception, [shell(text)])).toBe(true));

  it.each([
    'python3 -m http.server',
    'python3 -m http.server 8000',
    'python3 -m http.server -b 0.0.0.0',
    'python3 -m http.server -b ::',
    'python3 -m http.server -b 10.0.0.5',
    'python3 -m http.server -b 127.0.0.1 -b 0.0.0.0',
    'python3 -m http.server -b 127.0.0.1 --b 0.0.0.0',
    'python3 -m http.server -b 127.0.0.1 --bin=::',
    'python3 -m http.server -b 127.0.0.1.evil',
    'python3 -m http.server -b localhost.evil.example',
    'python3 -m http.server -b 0x7f.1',
    'python3 -m http.server -b ::1%lo',
    'python3 -m http.server -b ::ffff:127.0.0.1',
    'python3 -m http.server -d 127.0.0.1',
    'python3 -m http.server --directory=--bind=127.0.0.1',
    'python3 -m http.server -- -b 127.0.0.1',
    'python2 -m SimpleHTTPServer',
    'python2 -m SimpleHTTPServer 8000 --bind 127.0.0.1',
    'python3 server.py -m http.server -b 127.0.0.1',
    'python3 -c import_http_server -m http.server -b 127.0.0.1',
    'busybox httpd -m http.server -b 127.0.0.1',
  ])('leaves %s', async (command) => expect(await removes(exception, [start(words(command))])).toBe(false));

  it.each([
    'python3 -m http.server -b 127.0.0.1; python3 -m http.server',
    'python3 -m http.server -b 127.0.0.1 & python3 -m http.server',
    'python3 -m http.server -b 127.0.0.1 && python3 -m http.server',
    'python3 -m http.server -b 127.0.0.1 | tee log',
    'python3 -m http.server -b 127.0.0.1\npython3 -m http.server',
    'python3 -m http.server -b 127.0.0.1 $X',
    'python3 -m http.server -b "$(hostname)"',
    'python3 -m http.server -b 127.0.0.1 *',
    'python3 -m http.server -b 127.0.0.{1,2}',
    'B=0.0.0.0 python3 -m http.server -b 127.0.0.1',
    'cd /srv',
    'echo python3 -m http.server -b 127.0.0.1',
    'python3 -m http.server # -b 127.0.0.1',
  ])('leaves the shell that runs %j', async (text) => expect(await removes(exception, [shell(text)])).toBe(false));

  it('leaves a shell whose command is not the first text after its options', async () => {
    expect(await removes(exception, [start(words('/bin/bash script -c python3'))])).toBe(false);
    expect(
      await removes(exception, [start(['bash', '--rcfile', 'x', '-c', 'python3 -m http.server -b 127.0.0.1'])]),
    ).toBe(false);
  });

  it('leaves a command line of which arguments were lost', async () => {
    const event = start(words('python3 -m http.server -b 127.0.0.1'), { args_count: 8 });
    expect(await removes(exception, [event])).toBe(false);
  });

  it('leaves what a source without the arguments’ boundaries could give for another command', async () => {
    // Given as one argument, "x -b 127.0.0.1" would be the folder.
    const joined = (command: string) =>
      eventOf({ process: { name: 'python3', args: words(command), working_directory: '/' } }, 'defender');
    expect(await removes(exception, [joined('python3 -m http.server -d x -b 127.0.0.1')])).toBe(false);
    expect(await removes(exception, [joined('python3 -m http.server -b 127.0.0.1 -d x')])).toBe(true);
    const wrapped = eventOf(
      { process: { name: 'bash', args: ['bash', '-c', 'python3 -m http.server -b 127.0.0.1', ';', 'python3'] } },
      'sentinel-one',
    );
    expect(await removes(exception, [wrapped])).toBe(false);
  });

  it('believes no source that sends the parsed fields itself', async () => {
    const event = start(words('python3 -m http.server'), {}, { python: { web_server: { reach: 'loopback' } } });
    expect(await removes(exception, [event])).toBe(false);
  });
});

describe('the scenario of a scheduled job', () => {
  const exception = chosen('python-web-server-job', { '<folder>': '/srv/docs' });
  const byCron = { parent: { name: 'cron' } };

  it.each([
    ['its folder', start(words('python3 -m http.server -d /srv/docs'), byCron)],
    ['its folder, written otherwise', start(words('python3 -m http.server -d /srv//x/../docs/'), byCron)],
    ['where it runs', start(words('python3 -m http.server 80'), { ...byCron, working_directory: '/srv/docs' })],
    [
      'a folder from where it runs',
      start(words('python3 -m http.server -d docs'), { ...byCron, working_directory: '/srv' }),
    ],
    ['a service', start(words('python3 -m http.server -d /srv/docs'), { parent: { name: 'systemd' } })],
  ])('removes %s', async (_, event) => expect(await removes(exception, [event])).toBe(true));

  it.each([
    ['a shell’s', start(words('python3 -m http.server -d /srv/docs'), { parent: { name: 'bash' } })],
    ['one without a parent', start(words('python3 -m http.server -d /srv/docs'))],
    ['another folder', start(words('python3 -m http.server -d /etc'), byCron)],
    ['a folder above it', start(words('python3 -m http.server -d /srv/docs/../..'), byCron)],
    ['a folder of a like name', start(words('python3 -m http.server -d /srv/docs-secret'), byCron)],
    ['the last of two folders', start(words('python3 -m http.server -d /srv/docs -d /'), byCron)],
    ['a folder from nowhere', start(words('python3 -m http.server -d docs'), { ...byCron, working_directory: 'srv' })],
    ['no web server', start(words('python3 /srv/docs/job.py'), { ...byCron, working_directory: '/srv/docs' })],
  ])('leaves %s', async (_, event) => expect(await removes(exception, [event])).toBe(false));
});

describe('the scenario of an administrator’s test', () => {
  const exception = chosen('python-web-server-admin', { '<user>': 'netadmin' });
  const by = (name: string) => start(words('python3 -m http.server 8080'), {}, { user: { name } });

  it('removes servers of that user', async () => expect(await removes(exception, [by('netadmin')])).toBe(true));
  it.each(['root', 'netadmin2', 'NETADMIN'])('leaves those of %s', async (name) =>
    expect(await removes(exception, [by(name)])).toBe(false),
  );
  it('leaves whatever else the user runs', async () => {
    expect(await removes(exception, [start(words('python3 x.py'), {}, { user: { name: 'netadmin' } })])).toBe(false);
    expect(
      await removes(exception, [
        start(['bash', '-c', 'curl evil | python3 -m http.server'], {}, { user: { name: 'netadmin' } }),
      ]),
    ).toBe(false);
  });
});

describe('the scenario of an API’s tests', () => {
  const exception = chosen('python-web-server-api-test', { '<script path>': '/opt/api-testing/*' });
  const server = words('python3 -m http.server');
  const under = (parent: JsonObject) => start(server, { parent });

  it.each([
    ['started by the script', under({ name: 'python3', args: ['python3', '/opt/api-testing/test_api.py'] })],
    ['started by a shell script', under({ name: 'bash', args: ['/bin/bash', '-e', '/opt/api-testing/run.sh', 'x'] })],
    [
      'started by a script named from where it runs',
      under({ name: 'sh', args: ['sh', './run.sh'], working_directory: '/opt/api-testing' }),
    ],
    [
      'started by a script that the system gave to its interpreter',
      under({ name: 'run.sh', executable: '/usr/bin/bash', args: ['/bin/bash', '/opt/api-testing/run.sh'] }),
    ],
    ['the script itself', start(['python3', '/opt/api-testing/http.server.py'])],
  ])('removes %s', async (_, event) => expect(await removes(exception, [event])).toBe(true));

  it.each([
    ['started from a shell', under({ name: 'bash', args: ['-bash'] })],
    ['the path as an argument', under({ name: 'bash', args: ['bash', '/tmp/x.sh', '/opt/api-testing/run.sh'] })],
    [
      'the path in a command',
      under({ name: 'bash', args: ['bash', '-c', 'python3 -m http.server /opt/api-testing/'] }),
    ],
    ['the path as a module', under({ name: 'python3', args: ['python3', '-m', '/opt/api-testing/x'] })],
    ['commands from elsewhere', under({ name: 'bash', args: ['bash', '-s', '/opt/api-testing/run.sh'] })],
    ['code from the command line', under({ name: 'perl', args: ['perl', '-e', '/opt/api-testing/run.sh'] })],
    ['a way out of the folder', under({ name: 'bash', args: ['bash', '/opt/api-testing/../../tmp/x.sh'] })],
    ['a relative script from nowhere', under({ name: 'bash', args: ['bash', 'opt/api-testing/run.sh'] })],
    ['a program of that path', under({ name: 'x', args: ['x', '/opt/api-testing/run.sh'] })],
  ])('leaves %s', async (_, event) => expect(await removes(exception, [event])).toBe(false));
});

describe('the shipped scenarios', () => {
  it.each(EXCEPTION_SCENARIOS)('$id is off, and says what to fill in', async ({ draft, needs, id }) => {
    expect(draft.enabled).toBe(false);
    const { findings } = await checkException(draft, { lists: new Map(), now: 0 });
    const open = findings.filter(({ code }) => code === 'exception-open-place').map(({ at }) => at);
    const asked = needs.map(({ at }) => at);
    expect(findings.filter(({ at }) => !open.includes(at))).toEqual([]);
    expect(open.every((at) => asked.includes(at))).toBe(true);
    expect(open.length > 0 || id === 'python-web-server-loopback').toBe(true);
  });
});
