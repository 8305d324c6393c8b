import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { endingSignals } from './ending-signals.ts';

class Program extends EventEmitter {
  readonly exits: unknown[] = [];
  exit(code: number | string | null | undefined): never {
    this.exits.push(code);
    return undefined as never;
  }
}

test('the first signal asks, whichever it is; the second ends at once', async () => {
  const program = new Program();
  const last: string[] = [];
  const { stopped, forget } = endingSignals(() => last.push('done'), program as never);
  program.emit('SIGTERM', 'SIGTERM');
  await stopped;
  expect(program.exits).toEqual([]);
  program.emit('SIGINT', 'SIGINT');
  program.emit('SIGTERM', 'SIGTERM');
  expect(program.exits).toEqual([130, 143]);
  expect(last).toEqual(['done', 'done']);
  forget();
  expect(program.listenerCount('SIGINT') + program.listenerCount('SIGTERM')).toBe(0);
});
