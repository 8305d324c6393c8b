/**
 * Data streams: which of Elastic's streams an event would lie in, since a rule's index patterns decide what it reads.
 */
import type { FormatSettings } from './format.ts';

export const AUDITD_STREAM = 'logs-auditd_manager.auditd-vedette';
export const PROCFS_STREAM = 'logs-procfs.process-vedette';
/** Events of Elastic Endgame that name no index of theirs; rules read `endgame-*`. */
export const ENDGAME_INDEX = 'endgame-vedette';
/** What an endpoint agent's process events lie in; a source that stands in for one adds it to its process starts. */
const ENDPOINT_STREAM = 'logs-endpoint.events.process-vedette';

export interface StreamsOf {
  readonly dataStreams: readonly string[];
  readonly standsInFor?: readonly string[];
}

/** A process start of one of the built-in Linux sources. */
export function streamsOfProcessStart(own: string, settings: FormatSettings): StreamsOf {
  if (!settings.standsInForEndpoint) return { dataStreams: [own] };
  return { dataStreams: [own, ENDPOINT_STREAM], standsInFor: [ENDPOINT_STREAM] };
}

/**
 * The data stream (or index, or alias) that an index name belongs to: without the cluster of a cross-cluster search and
 * without what a backing index adds, `.ds-logs-endpoint.events.process-default-2026.01.01-000001`.
 */
export function dataStreamOfIndex(index: string): string {
  const name = index.slice(index.indexOf(':') + 1).replace(/^(?:partial-|restored-)+/, '');
  return /^\.ds-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6,}$/.exec(name)?.[1] ?? name;
}

const STREAM_NAME = /^(?:logs|metrics|traces|synthetics|profiling)-[^-]+-.+$/;
const AGENT_INDEX =
  /^(?:apm|auditbeat|filebeat|functionbeat|heartbeat|journalbeat|metricbeat|packetbeat|winlogbeat|endgame)-/;

/**
 * Whether an index's name says what lies in it: a data stream's or a Beat's. Shippers put what they know nothing of in
 * indices of their own choosing (`fluent-bit`, `vector-2026.01.01`, the dataset `generic`), which say nothing.
 */
export function namesStream(index: string): boolean {
  const name = dataStreamOfIndex(index);
  return (STREAM_NAME.test(name) && !/^[a-z]+-generic-/.test(name)) || AGENT_INDEX.test(name);
}
