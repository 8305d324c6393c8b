import { describe, expect, it } from 'vitest';
import { BOUNDED_MS, processorMs } from '../../test/processor-time.ts';
import type { Alert, ProcessSummary } from './alert.ts';
import { isWrapperOf, processLineage } from './process-lineage.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 1) + seconds * 1_000).toISOString();
const process = (command: string, seconds = 0): ProcessSummary => ({
  name: command.split(' ')[0]?.split('/').at(-1) ?? '',
  command_line: command,
  start: at(seconds),
});

describe('a wrapper', () => {
  it.each([
    ['sh -c "python3 -m http.server"', 'python3 -m http.server'],
    ["bash -c 'cd /tmp && python3 -m http.server $PORT'", 'python3 -m http.server 8000'],
    ['/bin/sh -c ls', 'ls'],
    ['sudo -u web python3 -m http.server', '/usr/bin/python3.11 -m http.server'],
    [
      'bash /home/ada/.pyenv/shims/python3 -m http.server',
      '/home/ada/.pyenv/versions/3.11/bin/python3.11 -m http.server',
    ],
    ['env A=1 python3 -m http.server', 'python3 -m http.server'],
    ['timeout 60 python3 -m http.server', 'python3 -m http.server'],
    ['nohup ./run.sh', './run.sh'],
    ['cmd.exe /c whoami', 'C:\\Windows\\System32\\whoami.exe'],
  ])('is %s of %s', (parent, child) => {
    expect(isWrapperOf(process(parent), process(child, 1))).toBe(true);
  });

  it.each([
    ['bash', 'python3 -m http.server'],
    ['-bash', 'ls'],
    ['sudo', 'bash'],
    ['/usr/sbin/cron -f', 'sh -c backup'],
    ['python3 -m http.server', 'python3 -m http.server'],
    ['bash deploy.sh', 'python3 -m http.server'],
    ['vim python3', 'python3 -m http.server'],
  ])('is not %s of %s', (parent, child) => {
    expect(isWrapperOf(process(parent), process(child, 1))).toBe(false);
  });

  it('started at most ten seconds before', () => {
    const parent = process('timeout 60 python3 -m http.server');
    expect(isWrapperOf(parent, process('python3 -m http.server', 10))).toBe(true);
    expect(isWrapperOf(parent, process('python3 -m http.server', 11))).toBe(false);
    expect(isWrapperOf(parent, process('python3 -m http.server', -60))).toBe(false);
  });

  it('of an unknown start has to hold the command', () => {
    const { start: _, ...parent } = process('sh -c "python3 -m http.server"');
    expect(isWrapperOf(parent, process('python3 -m http.server'))).toBe(true);
    expect(isWrapperOf(parent, process('nc -l'))).toBe(false);
  });
});

describe('processLineage', () => {
  const alertOf = (ancestry: readonly ProcessSummary[], entity?: string): Alert =>
    ({
      original_time: at(2),
      ancestry,
      events: [
        {
          process: {
            name: 'nc',
            command_line: 'nc -l',
            start: at(2),
            ...(entity === undefined ? {} : { entity_id: entity }),
          },
        },
      ],
    }) as unknown as Alert;

  it('goes up until an ancestor does not wrap', () => {
    const ancestry = [
      { ...process('timeout 5 nc -l', 2), entity_id: 'timeout' },
      { ...process('sh -c "timeout 5 nc -l"', 1), entity_id: 'sh' },
      { ...process('bash'), entity_id: 'bash' },
      { ...process('sudo bash'), entity_id: 'sudo' },
    ];
    expect(processLineage(alertOf(ancestry, 'nc'))).toEqual({ entity: 'nc', wrappers: ['timeout', 'sh'] });
  });

  it('is empty where the process has no identity', () => {
    expect(processLineage(alertOf([{ ...process('sh -c "nc -l"'), entity_id: 'sh' }]))).toEqual({ wrappers: [] });
  });

  it('takes no time over endless command lines', () => {
    const long = 'a '.repeat(500_000);
    const spent = processorMs(() => isWrapperOf({ command_line: long }, { command_line: `${long}b` }));
    expect(spent).toBeLessThan(BOUNDED_MS);
  });
});
