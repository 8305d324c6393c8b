import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Inspection, inspectWhole } from './inspect.ts';
import { InspectAhead } from './inspect-ahead.ts';
import { inspectRules } from './load.ts';

const rule = (id: string) =>
  `title: Rule ${id}\nid: ${id}\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n  sel:\n    Image|endswith: '\\${id}.exe'\n  condition: sel\n`;

/** Files of a folder in the order of their names: mostly one rule each. */
const FILES: readonly (readonly [file: string, text: string])[] = Array.from({ length: 640 }, (_, at) => {
  const id = `r${String(at).padStart(4, '0')}`;
  if (at === 620) return [`${id}.yml`, `${rule(id)}---\n${rule(`${id}b`)}`] as const;
  if (at === 625) return [`${id}.yml`, 'detection:\n  a: [\n'] as const;
  if (at === 630) return [`${id}.yml`, `${rule(id)}wrong: 1\n`] as const;
  return [`${id}.yml`, rule(id)] as const;
});

describe('threads for many rules', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-ahead-'));
    mkdirSync(join(folder, 'rules'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('give what one thread gives, in order', async () => {
    const rules = join(folder, 'rules');
    for (const [file, text] of FILES) writeFileSync(join(rules, file), text);
    const asked = vi.spyOn(InspectAhead.prototype, 'of');
    const found: Inspection[] = [];
    for await (const one of inspectRules([rules])) found.push(one);
    const alone = await Promise.all(FILES.map(([file, text]) => inspectWhole(text, join(rules, file))));
    expect(found.map(comparable)).toEqual(alone.flat().map(comparable));
    const made = await Promise.all(asked.mock.results.map(({ value }) => value));
    // One of them is no rule by a look.
    expect(made.filter((one) => one !== undefined)).toHaveLength(FILES.length);
  });

  it('leave to who asks what is none of theirs, and all where they fail', async () => {
    const ahead = new InspectAhead(FILES.slice(0, 20).map(([file, text]) => ({ file, text })));
    expect(await ahead.of('unknown.yml')).toBeUndefined();
    await ahead.close();
    for (const [file] of FILES.slice(0, 20)) expect(await ahead.of(file)).toBeUndefined();
  });
});

/** All but functions, and what follows from the document and the plan. */
function comparable({ file, text, kind, document, rule, findings }: Inspection) {
  return { file, text, kind, document, findings, rule: rule && { ...rule, head: undefined, outline: undefined } };
}
