import { expect, test } from 'vitest';
import type { TreeProcess } from '../../../src/serve/triage-api.ts';
import { treeLines } from './process-tree.ts';

/** `a0:bash` is an ancestor at depth 0; `s`, `x` and `c` are siblings, the process itself and children. */
function tree(text: string): readonly TreeProcess[] {
  const relations = { a: 'ancestor', s: 'sibling', x: 'self', c: 'child' } as const;
  return text.split(' ').map((word) => {
    const [kind, name = ''] = word.split(':');
    const relation = relations[(kind?.[0] ?? 'a') as keyof typeof relations];
    return { relation, depth: Number(kind?.slice(1)), name, alerts: 0 };
  });
}

function drawn(text: string, opened: readonly string[] = []): string {
  return treeLines(tree(text), new Set(opened))
    .map((line) => line.branch + (line.kind === 'fold' ? `+${line.count}` : line.process.name))
    .join('\n');
}

test('branches go on as far as there is something to come', () => {
  expect(drawn('a1:init a2:sshd a3:bash s4:tar x4:python c5:sh c5:id s4:ls')).toBe(
    [
      'init',
      '└─ sshd',
      '   └─ bash',
      '      ├─ tar',
      '      ├─ python',
      '      │  ├─ sh',
      '      │  └─ id',
      '      └─ ls',
    ].join('\n'),
  );
});

test('of many siblings and children the nearest are shown, and the rest when asked for', () => {
  const text = 'a0:bash s1:a s1:b s1:c s1:d s1:e s1:f x1:self c2:g c2:h c2:i c2:j c2:k c2:l';
  expect(drawn(text)).toBe(
    ['bash', '├─ +3', '├─ d', '├─ e', '├─ f', '└─ self', '   ├─ g', '   ├─ h', '   ├─ i', '   └─ +3'].join('\n'),
  );
  expect(drawn(text, ['sibling-1']).split('\n')).toHaveLength(12);
  expect(drawn(text, ['sibling-1', 'child-8']).split('\n')).toHaveLength(14);
});

test('a process alone has no branches, and no process no lines', () => {
  expect(drawn('x3:self')).toBe('self');
  expect(treeLines([], new Set())).toEqual([]);
});
