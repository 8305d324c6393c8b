/**
 * The rooms under `src/`, in the order in which they may import: a room imports only itself and rooms above it.
 *
 *   ROOMS ──npm run generate:rooms──▶ rooms.biome.json, which biome.json extends ──biome──▶ an upward import is an error
 *
 * Tests may import from any room, since nothing imports a test. A folder inside a room must not have a room's name:
 * the check looks at names on the import path.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOMS = [
  'diagnostic',
  'event',
  'plan',
  'format',
  'vocabulary',
  'language',
  'match',
  'correlate',
  'dialect',
  'rule',
  'detect',
  'config',
  'store',
  'ingest',
  'engine',
  'serve',
  'cli',
] as const;

/** Generated, committed; from the root of the repository. */
export const ROOMS_CONFIGURATION = 'tools/rooms.biome.json';

/** Not part of the program: nothing that is shipped may import from these. */
const OUTSIDE = ['test', 'tools', 'bench', 'web'];

/** Biome's `overrides` for a tree whose rooms lie in `source`. */
export function roomOverrides(source: string): readonly object[] {
  return ROOMS.map((room, index) => {
    const forbidden = [...ROOMS.slice(index + 1), ...OUTSIDE];
    return {
      includes: [`${source}/${room}/**`, '!**/*.test.ts'],
      linter: {
        rules: {
          style: {
            noRestrictedImports: {
              level: 'error',
              options: {
                patterns: [
                  {
                    group: forbidden.map((name) => `**/${name}/**`),
                    message: `src/${room} may import only ${ROOMS.slice(0, index + 1).join(', ')} (tools/rooms.ts).`,
                  },
                ],
              },
            },
          },
        },
      },
    };
  });
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  writeFileSync(join(root, ROOMS_CONFIGURATION), JSON.stringify({ overrides: roomOverrides('src') }));
  execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', ROOMS_CONFIGURATION], { cwd: root });
}
