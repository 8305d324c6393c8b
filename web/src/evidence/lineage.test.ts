import { expect, test } from 'vitest';
import type { Alert } from '../../../src/serve/api.ts';
import { lineageOf, processLine } from './lineage.ts';

const alert = (ancestry: Alert['ancestry'], process: Record<string, unknown>): Alert =>
  ({ ancestry, events: [{ process }] }) as unknown as Alert;

test('ancestors stand oldest first, above the process', () => {
  const lineage = lineageOf(
    alert(
      [
        { pid: 40, name: 'bash' },
        { pid: 1, name: 'systemd' },
      ],
      { pid: 41, command_line: 'python3 -m http.server' },
    ),
  );
  expect([...lineage.ancestors, lineage.self].map(processLine)).toEqual(['systemd', 'bash', 'python3 -m http.server']);
  expect(lineage.isComplete).toBe(true);
});

test('without an ancestry the event’s parent is what is known', () => {
  const lineage = lineageOf(alert([], { pid: 41, parent: { pid: 40, executable: '/usr/bin/bash' } }));
  expect(lineage.ancestors.map(processLine)).toEqual(['/usr/bin/bash']);
  expect(lineage.isComplete).toBe(false);
  expect(processLine(lineage.self)).toBe('process 41');
});

test('an event without a process has an unknown one', () => {
  expect(lineageOf({ ancestry: [], events: [] } as unknown as Alert)).toEqual({
    ancestors: [],
    self: {},
    isComplete: false,
  });
});
