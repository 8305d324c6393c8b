import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['*.md', 'docs/**/*.md', 'rules/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: root }));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test.each(pages)('what %s names exists', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const missing: string[] = [];
  for (const [, name = ''] of text.matchAll(/npm run ([a-z][a-z:-]*)/g)) {
    if (scripts[name] === undefined) missing.push(`npm run ${name}`);
  }
  for (const [, target = ''] of text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
    if (!existsSync(join(root, dirname(page), target))) missing.push(target);
  }
  for (const [path] of text.matchAll(/(?<![\w./-])(?:src|tools|test|bench|docs|rules|bin)\/[\w./-]*\w/g)) {
    if (!existsSync(join(root, path)) && !MADE_LATER.has(path)) missing.push(path);
  }
  for (const [name] of text.matchAll(/\bVEDETTE_[A-Z]+\b/g)) {
    if (!variables().has(name)) missing.push(name);
  }
  expect(missing).toEqual([]);
});

/** Written by a command that the page tells of. */
const MADE_LATER = new Set(['docs/figures/long-test.json']);

let known: ReadonlySet<string> | undefined;

/** The environment variables that some code reads. */
function variables(): ReadonlySet<string> {
  known ??= new Set(
    ['{bin,src,tools,test,bench}/**/*.{ts,mjs,js}', '.ci/run']
      .flatMap((pattern) => globSync(pattern, { cwd: root }))
      .filter((path) => path !== 'tools/docs.test.ts')
      .flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(/\bVEDETTE_[A-Z]+\b/g)])
      .map(([name]) => name),
  );
  return known;
}
