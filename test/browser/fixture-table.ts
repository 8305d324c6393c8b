/** Answers of whole Kusto queries, whatever they ask; one that names a wrong column is refused. */
import type { TableAsk, TableHuntAnswer } from '../../src/serve/table-api.ts';

export function tableFor({ text }: TableAsk): TableHuntAnswer {
  const start = text.indexOf('CommandLin ');
  const findings =
    start === -1
      ? []
      : [
          {
            code: 'kusto-name-unknown',
            severity: 'error' as const,
            message: 'There is no column “CommandLin”.',
            hint: 'Did you mean CommandLine?',
            start,
            end: start + 'CommandLin'.length,
          },
        ];
  if (findings.length > 0) return { findings, columns: [], rows: [], cut: false, ms: 3 };
  const names = Array.from({ length: 300 }, (_, at) => `/usr/bin/tool-${at}`);
  return {
    findings,
    columns: [
      { name: 'TargetProcessName', type: 'string' },
      { name: 'n', type: 'long' },
    ],
    rows: names.map((name, at) => [name, (at * 7) % 300]),
    cut: false,
    ms: 42,
    ...(text.includes('render') ? { chart: { kind: 'columnchart' as const } } : {}),
  };
}
