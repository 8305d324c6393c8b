import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/effort.ts';
import { readBulk } from './bulk.ts';

const read = (text: string, index?: string) => readBulk(Buffer.from(text), index);

function items(text: string, index?: string) {
  const body = read(text, index);
  if ('problem' in body) throw new Error(body.problem);
  return body.items.map(({ document, ...item }) => ({
    ...item,
    document: document === undefined ? undefined : Buffer.from(document).toString(),
  }));
}

describe('the body of a bulk request', () => {
  it('is pairs of lines, with one line of a delete', () => {
    const text = '{"create":{"_index":"a","_id":"1"}}\n{"x":1}\r\n\n{"delete":{"_id":2}}\n{"index":{}}\n{"y":2}';
    expect(items(text, 'z')).toEqual([
      { action: 'create', index: 'a', id: '1', document: '{"x":1}', offset: 0 },
      { action: 'delete', index: 'z', id: '2', document: undefined, offset: 46 },
      { action: 'index', index: 'z', id: undefined, document: '{"y":2}', offset: 67 },
    ]);
  });

  it.each([
    ['', 'The request holds no action.'],
    ['x\n{}\n', 'Malformed action/metadata line [1]: it is not JSON.'],
    ['{"index":{}}\n{}\n[]\n', 'Malformed action/metadata line [3]: one action is expected, such as {"create":{}}.'],
    [
      '{"index":{},"create":{}}\n{}\n',
      'Malformed action/metadata line [1]: one action is expected, such as {"create":{}}.',
    ],
    [
      '{"insert":{}}\n{}\n',
      'Malformed action/metadata line [1]: the actions are create, index, update and delete, each with an object.',
    ],
    [
      '{"index":1}\n{}\n',
      'Malformed action/metadata line [1]: the actions are create, index, update and delete, each with an object.',
    ],
    ['{"index":{}}\n', 'The document of the action in line [1] is missing.'],
    [
      `{"index":{"_id":"${'x'.repeat(17_000)}"}}\n{}\n`,
      'Malformed action/metadata line [1]: it has more than 16384 bytes.',
    ],
  ])('%# is refused whole', (text, problem) => {
    expect(read(text)).toEqual({ problem });
  });

  it('is never more than it says, whatever it holds', () => {
    const line = fc.oneof(
      fc.constantFrom('{"create":{}}', '{"delete":{"_id":"a"}}', '{"@timestamp":1}', '', '{"a":'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const body = Buffer.from(lines.join('\n'));
        const found = readBulk(body);
        if ('problem' in found) return;
        for (const { action, document } of found.items) expect(document === undefined).toBe(action === 'delete');
      }),
      { numRuns: runs(100) },
    );
  });
});
