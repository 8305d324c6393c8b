import { expect, it } from 'vitest';
import { sharedFields } from './shared-fields.ts';

it('keeps what all events have alike, and of arrays what all of them hold', () => {
  const one = { host: { name: 'h', ip: ['a', 'b'] }, process: { pid: 1, name: 'p' }, tags: ['x'], gone: null, n: 1 };
  const two = { host: { name: 'h', ip: ['b', 'c'] }, process: { pid: 2, name: 'p' }, tags: ['y'], gone: null, n: '1' };
  expect(sharedFields([one, two])).toEqual({ host: { name: 'h', ip: ['b'] }, process: { name: 'p' } });
  expect(sharedFields([one])).toEqual(one);
  expect(sharedFields([one, two, {}])).toEqual({});
});

it('takes no name for more than a name', () => {
  const odd = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}');
  expect(JSON.stringify(sharedFields([odd, odd]))).toBe('{"__proto__":{"a":1},"constructor":2}');
  expect(sharedFields([odd, {}])).toEqual({});
});
