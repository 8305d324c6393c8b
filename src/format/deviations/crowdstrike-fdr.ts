/** CrowdStrike FDR against the recorded pairs of Elastic's integration. */
import type { Deviation } from './deviation.ts';

export const CROWDSTRIKE_FDR: readonly Deviation[] = [
  {
    pair: '*',
    fields: ['event.original', 'tags'],
    reason: 'The event keeps its raw bytes beside the document; the tag only asks Elastic to keep them in it.',
  },
  {
    pair: '*',
    fields: ['observer.geo', 'source.geo', 'destination.geo', 'source.as', 'destination.as'],
    reason: 'Looked up by address in a data base that is not part of the event.',
  },
  {
    pair: '*',
    fields: ['event.module', 'event.dataset'],
    reason: 'Elastic’s agent adds them outside of the recorded pipeline; rules and people ask for them.',
  },
  {
    pair: 'test-linux.log 3',
    fields: ['process.uptime'],
    reason: 'ECS counts seconds; the recording divides the seconds by 1,000.',
  },
  {
    pair: 'test-fdr.subset.log 6',
    fields: ['process.args'],
    reason: 'The recording drops the argument “-”, so that its count is off by one.',
  },
  {
    pair: 'test-fdr.subset.log',
    fields: ['ecs.version', 'observer.type', 'observer.vendor'],
    reason: 'Constants of the integration’s older version; the newer one leaves them out.',
  },
  {
    pair: 'test-fdr.subset.log',
    fields: [
      'crowdstrike.ContextProcessId',
      'crowdstrike.MD5HashData',
      'crowdstrike.SHA256HashData',
      'device.id',
      'group',
      'host.id',
      'message',
      'process.group',
      'process.group_leader',
      'process.real_group',
      'process.real_user',
      'related.user',
      'user.Ext',
    ],
    reason: 'The integration’s newer version, which test-linux.log records, fills them.',
  },
];
