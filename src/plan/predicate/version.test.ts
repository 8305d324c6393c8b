import { expect, test } from 'vitest';
import { compareVersions } from './version.ts';

// Semantic Versioning 2.0.0, item 11, and what Elasticsearch adds: what is no version comes last.
test('ascending', () => {
  const versions = [
    ...[
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
    ],
    ...['1.0.0', '1.2.4', '1.5.0', '1.11.3', '2.0.0', '2.0.0.1', '10.0.0', 'latest', 'v1.0.0'],
  ];
  const shuffled = [...versions].reverse();
  expect(shuffled.sort(compareVersions)).toEqual(versions);
  for (const version of versions) expect(compareVersions(version, version)).toBe(0);
});
