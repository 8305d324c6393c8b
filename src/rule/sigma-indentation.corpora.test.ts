import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { requireCorpora } from '../../test/requirement.ts';
import { hasLostIndentation, repairSigmaIndentation } from './sigma-indentation.ts';

const flat = (text: string): string => text.replace(/^[ \t]+/gm, '');

describe('SigmaHQ’s whole corpus', () => {
  const normal = (value: unknown): string =>
    JSON.stringify(value, (_, item) => (typeof item === 'string' ? item.replaceAll(/\s+/g, ' ').trim() : item));

  it('means the same after its indentation was taken away, or is refused', (context) => {
    const folder = requireCorpora(context, 'sigma');
    const files = globSync('rules*/**/*.yml', { cwd: folder });
    expect(files.length).toBe(3757);
    const refused: string[] = [];
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(hasLostIndentation(text), file).toBe(false);
      expect(hasLostIndentation(flat(text)), file).toBe(true);
      const result = repairSigmaIndentation(flat(text));
      // Its field is called like its search identifier, so that it occurs twice and is read as nothing else.
      if (file.endsWith('macos_file_and_directory_discovery.yml')) continue;
      if ('text' in result) expect(normal(parse(result.text)), file).toBe(normal(parse(text)));
      else refused.push(file);
    }
    expect(refused.map((file) => file.split('/').pop())).toEqual(['win_security_susp_add_sid_history.yml']);
  });
});
