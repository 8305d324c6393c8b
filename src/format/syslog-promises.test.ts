import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../test/effort.ts';
import { type Event, LOG_SOURCE_FIELDS } from '../event/event.ts';
import { jsonAt } from '../event/field-path.ts';
import type { Json } from '../event/json.ts';
import { openStream } from './stream.ts';

const NOW = Date.UTC(2026, 0, 20);
const SETTINGS = { standsInForEndpoint: true, now: () => NOW, hostName: 'collector.example' };

function eventOf(text: string): Event | undefined {
  let found: Event | undefined;
  const sink = {
    event: (event: Event) => {
      found = event;
    },
    reject: () => {},
  };
  const stream = openStream(SETTINGS, sink);
  stream.line({ bytes: Buffer.from(text), origin: { path: 'x', offset: 0, line: 1 } });
  stream.end();
  return found;
}

const header = fc.constantFrom(
  '<189>Jan 18 11:29:03 sw-1 ',
  '<189>Jan 18 11:29:03 sw-1: ',
  'Jan 18 11:29:03 fw-2 : ',
  '<38>Jan  8 11:29:03 web-1 ',
  '<38>Jan  8 11:29:03 ',
  '<38>1 2026-01-18T11:29:03Z web-1 sshd 7 ID [origin name="a \\"b\\"" x="y"] ',
);
const tag = fc.constantFrom(
  '%AAA-5-USER_LOGGED: ',
  '%ASA-6-302013: ',
  '%FTD-1-430002: ',
  'sshd[77]: ',
  'cron: ',
  'useradd[1]: ',
  '',
);
const message = fc.constantFrom(
  'User ops executed: show users',
  'User "ops" executed:\nmore \\ straße',
  'Accepted password for eve from 192.0.2.7 port 4711 ssh2',
  'Failed password for eve from 192.0.2.7 port 4711 ssh2',
  'deploy : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/ls -la',
  'new user: name=a, UID=1',
  [
    'MSWinEventLog\t1\tSecurity\t7\tTue Jul 28 11:28:00 2026\t4688\tMicrosoft-Windows-Security-Auditing\tCORP\\ada\tUser',
    'Success Audit\tws-1\tProcess Creation\tplain\tStarted.    Creator Subject:   Security ID:  NT AUTHORITY\\SYSTEM    Information:   ' +
      'New Process Name: C:\\a b.exe   Mandatory Label:  High   Process Command Line: "C:\\a b.exe" /quiet\tbehind',
  ].join('\t'),
);
const beside = fc.record(
  {
    product: fc.constantFrom<Json>('cisco', 'Sometext', null),
    service: fc.constant<Json>('aaa'),
    host: fc.constantFrom<Json>('relay', { name: 'relay' }),
    'event.code': fc.constant<Json>('99'),
    data_stream: fc.constantFrom<Json>({ dataset: 'one.two' }, 'text'),
    'winlog.channel': fc.constant<Json>('Security'),
    json: fc.constant<Json>({ product: 'inner' }),
    log: fc.constantFrom<Json>({ level: 'Info' }, 'text'),
  },
  { requiredKeys: [] },
);
const line = fc.tuple(header, tag, message, fc.option(beside)).map(([...parts]) => {
  const fields = parts.pop() as Record<string, Json> | null;
  const text = parts.join('');
  return fields === null ? text.replaceAll('\n', ' ') : JSON.stringify({ ...fields, message: text });
});

/** As of `OwnWords`. */
const RUN = /[a-z :._-]{3,}/g;

function texts(value: Json | undefined): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(texts);
  return value === undefined || value === null ? [] : [String(value)];
}

test('a message of syslog holds the words it promises, has the log source its sort tells, and what is lacking nowhere', () => {
  const ofSort = new Map<string, { readonly values: string; readonly event: Event }>();
  fc.assert(
    fc.property(line, (text) => {
      const event = eventOf(text);
      if (event === undefined) return;
      const document = event.sharedDocument();
      for (const field of [
        'message',
        'product',
        'service',
        'host',
        'host.name',
        'json',
        'json.host',
        'json.product',
        'log',
        'event',
      ])
        expect(event.json(field) ?? null).toEqual(jsonAt(document, field) ?? null);
      const words = event.words();
      if (words !== undefined) {
        const places = [text.toLowerCase(), words.fixed, ...words.made.map((made) => made.toLowerCase())];
        for (const value of texts(document)) {
          for (const [run] of value.toLowerCase().matchAll(RUN))
            if (/[g-z]/.test(run))
              expect(
                places.some((place) => place.includes(run)),
                run,
              ).toBe(true);
        }
      }
      const sort = event.sort();
      if (sort === undefined) return;
      const values = JSON.stringify(LOG_SOURCE_FIELDS.map((field) => event.values(field)));
      const known = ofSort.get(sort);
      if (known === undefined) ofSort.set(sort, { values, event });
      else expect(values).toBe(known.values);
      for (const field of [
        'process.executable',
        'user.name',
        'product',
        'data_stream.type',
        'winlog.channel',
        'json.host',
        'host.ip',
      ])
        if ((known?.event ?? event).lacks(field)) expect(event.values(field)).toEqual([]);
    }),
    { numRuns: runs(400) },
  );
  expect(ofSort.size).toBeGreaterThan(4);
});
