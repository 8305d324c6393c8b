/**
 * Where Windows' logs and Sysmon for Linux differ from the recorded pairs.
 */
import type { Deviation } from './deviation.ts';

const SYSMON = 'sysmon_operational.cmd.json';
const LINUX = 'test-sysmon.json';

export const WINDOWS_DEVIATIONS: readonly Deviation[] = [
  {
    pair: '*',
    fields: ['ecs.version', 'event.ingested'],
    reason: 'Which version of ECS a document claims, and when it was read, are the reader’s own.',
  },
  {
    pair: '*',
    fields: ['event.module', 'event.dataset', 'host.os.type'],
    reason: 'The agent adds these upstream, outside the pipeline that was recorded.',
  },
  {
    pair: '*',
    fields: ['winlog.event_data'],
    reason:
      'The data of the event stays whole, also where a value has a field of ECS, so that rules in Windows’ names hold.',
  },
  {
    pair: SYSMON,
    fields: ['event.action'],
    reason: 'The record is not rendered, so the recording has none; rules ask for the name of the task.',
  },
  {
    pair: SYSMON,
    fields: ['event.created'],
    reason: 'The same time, to 100 ns instead of milliseconds.',
  },
  {
    pair: SYSMON,
    fields: ['host.name'],
    reason: 'The computer that wrote the record; the agent adds it upstream.',
  },
  {
    pair: SYSMON,
    fields: ['winlog.level', 'winlog.time_created'],
    reason: 'The integration moves these to log.level and event.created; they stay here, too.',
  },
  {
    pair: LINUX,
    fields: ['@timestamp'],
    reason: 'The recording leaves out the time it is made with; it is Sysmon’s own.',
  },
  {
    pair: LINUX,
    fields: ['host.name'],
    reason: 'The computer that wrote the record; the agent adds it upstream.',
  },
  {
    pair: `${LINUX} 1`,
    fields: ['process.name'],
    reason: 'The last part of the executable. The integration takes the name of the sender, sysmon.',
  },
  {
    pair: `${LINUX} 2`,
    fields: ['process.name'],
    reason: 'The executable is unknown, so there is no name. The integration takes the name of the sender, sysmon.',
  },
  {
    pair: LINUX,
    fields: ['user.name', 'related.user'],
    reason: 'The account of the process, which the integration drops because it has no domain.',
  },
  {
    pair: LINUX,
    fields: ['winlog.level', 'winlog.time_created', 'winlog.provider_name'],
    reason: 'The integration moves these to log.level, event.created and event.provider; they stay here, too.',
  },
  {
    pair: LINUX,
    fields: ['tags'],
    reason: 'preserve_original_event is a setting of the recording.',
  },
];
