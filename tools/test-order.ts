/**
 * The order of the files of tests: those that need Kusto's parser after one another, since it takes seconds to load and
 * is let go when nobody asks it for a while; otherwise vitest's own, the longest first.
 */
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const asks = new Map(sorted.map((file) => [file, /kusto|kql/i.test(readFileSync(file.moduleId, 'utf8'))]));
    return [...sorted.filter((file) => asks.get(file)), ...sorted.filter((file) => !asks.get(file))];
  }
}
