import { describe, expect, it } from 'vitest';
import { BOUNDED_MS, processorMs } from '../../test/processor-time.ts';
import { investigationSteps, responseSteps } from './guide-steps.ts';

const steps = (guide: string, extra = {}): readonly string[] =>
  investigationSteps({ guide, extra }).map(({ text }) => text);

const GUIDE = `## Triage and analysis

> **Disclaimer**: not for everybody.

### Investigating a web server

Some words, and a list that is none of the steps:

- not a step

### Possible investigation steps

- Review the command line.
- Investigate other alerts associated with the user/host during the past 48 hours.
  - Especially of the same rule.
    - And of its neighbours.
* Check the network.
  It may take a while.

### False positive analysis

- Backups.

### Response and remediation

1. Isolate the host.
2. Reset the password.
   - Of every account.
`;

describe('investigationSteps', () => {
  it('takes the items of the section, each with what stands below it', () => {
    expect(steps(GUIDE)).toEqual([
      'Review the command line.',
      'Investigate other alerts associated with the user/host during the past 48 hours.\n- Especially of the same rule.\n  - And of its neighbours.',
      'Check the network.\nIt may take a while.',
    ]);
  });

  it('takes a bold line with a list below it for one step, and a bold title for none', () => {
    const bold =
      '### Possible investigation steps\n\n**Identify the actor**\n  - Who?\n  - Since when?\n\n**Assess**\n   - What?\n';
    expect(steps(bold)).toEqual([
      '**Identify the actor**\n- Who?\n- Since when?'
        .replace('\n- Who', '\n  - Who')
        .replace('\n- Since', '\n  - Since'),
      '**Assess**\n   - What?',
    ]);
    expect(steps('### Possible investigation steps\n\n**Title**\n- One\n- Two\n')).toEqual(['One', 'Two']);
  });

  it('finds a section under a bold line, and another list where there is no such section', () => {
    expect(steps('**Possible investigation steps**\n\n- One\n\n**Response and remediation**\n\n- Not this')).toEqual([
      'One',
    ]);
    expect(steps('Look at it:\n\n- One\n- Two\n\n## Response\n\n- Not this')).toEqual(['One', 'Two']);
    expect(steps('Only words.')).toEqual([]);
    expect(investigationSteps({ extra: {} })).toEqual([]);
  });

  it('takes buttons out of the text', () => {
    const button = '!{investigate{"label":"A } \\" brace","providers":[[{"field":"a"}]]}}';
    const [step] = investigationSteps({
      guide: `- Look here. ${button} And here: !{osquery{"label":"Users","query":"SELECT 1"}}`,
      extra: {},
    });
    expect(step).toEqual({
      text: 'Look here.  And here: (Osquery: Users)',
      buttons: [{ label: 'A } " brace', providers: [[{ field: 'a' }]] }],
    });
    const extra = { transform: { investigate: [{ label: 'first' }, { label: 'second' }] } };
    expect(investigationSteps({ guide: '- Look. $investigate_1 $investigate_7\n  - $osquery_0', extra })).toEqual([
      { text: 'Look.', buttons: [{ label: 'second' }] },
    ]);
  });

  it('leaves what is no button as it stands, and takes no time over it', () => {
    expect(steps('- a !{investigate{"x": } b !{other{}} !{investigate')).toEqual([
      'a !{investigate{"x": } b !{other{}} !{investigate',
    ]);
    const spent = processorMs(() => {
      steps(`- ${'!{investigate{"a":'.repeat(20_000)}`);
      steps('- a\n'.repeat(100_000));
      steps(`- ${' $investigate_1'.repeat(20_000)}`);
    });
    expect(spent).toBeLessThan(BOUNDED_MS);
  });
});

describe('responseSteps', () => {
  it('takes the rule’s response, or the section of its guide', () => {
    expect(responseSteps({ response: '- One\n- Two\n- One' })).toEqual(['One', 'Two']);
    expect(responseSteps({ guide: GUIDE })).toEqual(['Isolate the host.', 'Reset the password.\n- Of every account.']);
    expect(responseSteps({})).toEqual([]);
  });
});
