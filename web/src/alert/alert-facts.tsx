/** Where it happened, to whom, and where the event was read. */

import type { Alert } from '../../../src/serve/api.ts';
import { textOf, textsOf } from '../evidence/field-of.ts';
import { rangesIn } from '../evidence/marking.ts';
import { Facts } from '../parts/facts.tsx';
import { Marked } from '../parts/marked.tsx';
import { Section } from '../parts/section.tsx';
import { When } from '../parts/when.tsx';
import { grouped } from '../words/counts.ts';

export function AlertFacts({ alert }: { readonly alert: Alert }) {
  const event = alert.events.at(-1) ?? {};
  const field = (name: string) => textOf(event, name);
  const marked = (name: string) => {
    const value = field(name);
    return (
      value && (
        <code>
          <Marked text={value} ranges={rangesIn(alert.evidence, name, value)} />
        </code>
      )
    );
  };
  const path = field('log.file.path');
  const offset = field('log.offset');
  return (
    <Section title="Facts">
      <Facts
        facts={[
          ['Host', withDetail(field('host.name'), field('host.os.full') ?? field('host.os.type'))],
          ['User', withDetail(field('user.name'), field('user.id'))],
          ['Program', marked('process.executable')],
          ['Name', marked('process.name')],
          ['Folder', marked('process.working_directory')],
          ['Process id', marked('process.pid')],
          ['Entity id', marked('process.entity_id')],
          ['Data stream', dataStream(field)],
          ['Stands in for', alert.stands_in_for && standsIn(alert.stands_in_for, textsOf(event, 'event.module'))],
          ['Read from', path && withDetail(path, offset && `byte ${offset}`)],
          ['Counted', alert.threshold_result && countedIn(alert.threshold_result)],
          ['First time', alert.new_terms?.map(termsIn).join('; ')],
          ['Indicators', indicatorsIn(event)],
          ['Came of', alert.ancestors && cameOf(alert.ancestors)],
          ['Building block', alert.building_block && 'lists leave it out; other rules may build on it'],
          ['Suppressed', alert.suppression && <Suppressed key="suppressed" suppression={alert.suppression} />],
          ['Alerted', <When key="created" time={alert['@timestamp']} form="full" />],
        ]}
      />
    </Section>
  );
}

function countedIn({ terms, count, cardinality, from }: NonNullable<Alert['threshold_result']>): string {
  const different = cardinality === undefined ? '' : `, ${grouped(cardinality.value)} different ${cardinality.field}`;
  const group = terms.length === 0 ? '' : ` of ${termsIn(terms)}`;
  return `${count === 1 ? '1 event' : `${grouped(count)} events`}${group}${different}, from ${from}`;
}

function indicatorsIn({ threat }: Alert['events'][number]): string | undefined {
  const { enrichments = [] } = (threat ?? {}) as { enrichments?: readonly { matched?: { atomic?: string } }[] };
  return [...new Set(enrichments.map(({ matched }) => matched?.atomic))].join(', ') || undefined;
}

function termsIn(terms: NonNullable<Alert['threshold_result']>['terms']): string {
  return terms.map(({ field, value }) => `${field} ${value}`).join(', ');
}

function cameOf(ancestors: NonNullable<Alert['ancestors']>): string {
  const rules = [...new Set(ancestors.map(({ rule }) => rule))].join(', ');
  return `${ancestors.length === 1 ? '1 alert' : `${grouped(ancestors.length)} alerts`} of ${rules}`;
}

function Suppressed({ suppression }: { readonly suppression: NonNullable<Alert['suppression']> }) {
  const { terms, start, end, docs_count: count } = suppression;
  const alike = terms.map(({ field, step, value }) => {
    const name = step === undefined ? field : `${field} of step ${step}`;
    return `${name} ${value === null ? 'is missing' : value.join(', ')}`;
  });
  const words = count === 1 ? '1 more match' : `${count === 0 ? 'no' : grouped(count)} more matches`;
  return (
    <>
      {words}
      {alike.length > 0 && ` with ${alike.join(' and ')}`}
      {count > 0 && (
        <>
          , from <When time={start} form="full" /> to <When time={end} form="full" />
        </>
      )}
    </>
  );
}

function withDetail(text: string | undefined, detail: string | undefined): string | undefined {
  if (text === undefined) return detail;
  return detail === undefined ? text : `${text} (${detail})`;
}

function dataStream(field: (name: string) => string | undefined): string | undefined {
  const parts = ['data_stream.type', 'data_stream.dataset', 'data_stream.namespace'].map(field);
  return parts.every((part) => part !== undefined) ? parts.join('-') : field('event.dataset');
}

function standsIn(streams: readonly string[], modules: readonly string[]): string {
  const source = modules[0] ?? 'This source';
  return `${source} stands in for an endpoint agent (a setting): its events count as ${streams.join(', ')}`;
}
