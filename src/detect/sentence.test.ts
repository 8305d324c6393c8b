import { describe, expect, it } from 'vitest';
import { shownText } from '../diagnostic/shown-text.ts';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { describeEvent } from './sentence.ts';

const start = (command: string, process: JsonObject = {}, more: JsonObject = {}): Event => {
  const args = command.split(' ');
  const name = (args[0] as string).split('/').at(-1) as string;
  return new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource({
      event: { category: ['process'], type: ['start'] },
      host: { name: 'web-07' },
      user: { name: 'ada' },
      process: { name, args, command_line: command, ...process },
      ...more,
    }),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
};

describe('the sentence of an event', () => {
  it.each([
    [
      start('python3 -m http.server 8099 --directory /srv/exports'),
      'ada started a web server on web-07 that anyone can reach, serving /srv/exports on port 8099',
    ],
    [
      start('python3 -m http.server -b 127.0.0.1', { working_directory: '/home/ada' }),
      'ada started a web server on web-07 that only this host can reach, serving /home/ada on port 8000',
    ],
    [start('bash -c python3', { parent: { name: 'sshd' } }), 'ada ran a command in bash on web-07, started by sshd'],
    [start('tar czf x'), 'ada ran tar on web-07'],
    [start('tar czf x', {}, { user: { id: '1004' }, host: {} }), 'User 1004 ran tar'],
    [
      start('tar', {}, { event: { category: ['network'], action: 'connection_attempted' } }),
      'Connection attempted by tar as ada on web-07',
    ],
  ])('%#', (event, expected) => expect(describeEvent(event)).toBe(expected));

  it('shows no control characters and no more than it was given room for', () => {
    expect(shownText('a\u001b[2Jb\r\n\u202ec', 20)).toBe('a [2Jb c');
    expect([...shownText('𝒳'.repeat(50), 10)]).toHaveLength(10);
  });
});
