/** SentinelOne Cloud Funnel against the recorded pairs of Elastic's integration. */
import type { Deviation } from './deviation.ts';

export const SENTINEL_ONE_DEVIATIONS: readonly Deviation[] = [
  {
    pair: '*',
    fields: ['event.original', 'tags'],
    reason: 'The event keeps its raw bytes beside the document; the tags only ask Elastic to keep them in it.',
  },
  { pair: '*', fields: ['ecs.version'], reason: 'A constant of the integration’s version.' },
  {
    pair: '*',
    fields: ['event.module', 'event.dataset'],
    reason: 'Elastic’s agent adds them outside of the recorded pipeline; rules and people ask for them.',
  },
  {
    pair: '*',
    fields: ['host.name'],
    reason: 'What alerts and people name a host by; the recording has host.hostname only.',
  },
  {
    pair: '*',
    fields: ['related.hosts'],
    reason: 'The recording lists the operating system and the kind of machine among the hosts.',
  },
  {
    pair: '*',
    fields: ['sentinel_one_cloud_funnel.event.sca.ingest_time'],
    reason: 'The recording reads seconds as milliseconds, which gives 1970.',
  },
  {
    pair: '*',
    fields: ['sentinel_one_cloud_funnel.event.timestamp'],
    reason: 'A time of day in an unknown zone; the recording makes a date of another year of it.',
  },
  {
    pair: '*',
    fields: ['sentinel_one_cloud_funnel.event.src.process.parent.cmd_line'],
    reason: 'Vendor fields are kept as they are; quotes go in process.command_line only.',
  },
  {
    pair: 'test-process.log 1',
    fields: ['sentinel_one_cloud_funnel.event.tgt.process.pid'],
    reason: 'A number, as the other process ids.',
  },
  {
    pair: 'test-process.log 1',
    fields: ['process.code_signature'],
    reason: 'The raw event says it of the new process too; rules ask whether a program is signed.',
  },
  {
    pair: 'test-network-action.log 1',
    fields: ['process.parent.code_signature', 'process.parent.hash.md5'],
    reason: 'The raw event says it of the parent too.',
  },
  {
    pair: 'test-network-action.log 1',
    fields: ['event.action'],
    reason:
      'Later versions of the integration say whether a connection was attempted or accepted, which rules ask for.',
  },
  {
    pair: 'test-network-action.log 1',
    fields: ['network.transport', 'network.type'],
    reason: 'What the raw name TCPV4 says.',
  },
];
