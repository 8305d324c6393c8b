import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { oneIn } from '../../test/effort.ts';
import { requireCorpora } from '../../test/requirement.ts';
import { hasLostIndentation, repairSigmaIndentation } from './sigma-indentation.ts';

const REFUSED = 'win_security_susp_add_sid_history.yml';

const flat = (text: string): string => text.replace(/^[ \t]+/gm, '');

describe('SigmaHQ’s whole corpus', () => {
  const normal = (value: unknown): string =>
    JSON.stringify(value, (_, item) => (typeof item === 'string' ? item.replaceAll(/\s+/g, ' ').trim() : item));

  const sampling = oneIn(10);

  it(sampling.name('means the same after its indentation was taken away, or is refused'), (context) => {
    const folder = requireCorpora(context, 'sigma');
    const files = globSync('rules*/**/*.yml', { cwd: folder }).sort();
    expect(files.length).toBe(3757);
    const refused: string[] = [];
    const refusing = files.filter((file) => file.endsWith(REFUSED));
    for (const file of new Set([...sampling.of(files), ...refusing])) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(hasLostIndentation(text), file).toBe(false);
      expect(hasLostIndentation(flat(text)), file).toBe(true);
      const result = repairSigmaIndentation(flat(text));
      // Its field is called like its search identifier, so that it occurs twice and is read as nothing else.
      if (file.endsWith('macos_file_and_directory_discovery.yml')) continue;
      if ('text' in result) expect(normal(parse(result.text)), file).toBe(normal(parse(text)));
      else refused.push(file);
    }
    expect(refused.map((file) => file.split('/').pop())).toEqual([REFUSED]);
  });
});
