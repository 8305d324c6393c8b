/**
 * Where the Linux audit log differs from recorded events: those of go-libaudit (as auditbeat makes documents of them), a
 * document of Elastic's auditd_manager, and those of Elastic's auditd package.
 */
import type { Deviation } from './deviation.ts';

const RHEL7 = 'go-libaudit rhel-7-linux-3.10.0.yaml';
const UBUNTU16_4 = 'go-libaudit ubuntu-16.04-linux-4.13.0.yaml';
const UBUNTU16 = 'go-libaudit ubuntu-16.10-linux-4.8.0.yaml';
const UBUNTU17 = 'go-libaudit ubuntu-17.04-linux-4.10.0.yaml';
const UBUNTU20 = 'go-libaudit ubuntu-20.04.6-linux-5.15.0-1034-gcp.yaml';
const UBUNTU21 = 'go-libaudit ubuntu-21.10-linux-5.13.yaml';
const UBUNTU24 = 'go-libaudit ubuntu-24.04-linux-6.8.0.yaml';
const COALESCED = 'test-coalesced-syscall-execve-events';
const SAMPLE = 'auditd_manager.sample_event.json';
const RAW = 'test-auditd-raw.subset.log';
const PREPARSED = 'test-auditd-preparsed-syscall.log';

/** The same deviation of several recordings. */
function each(pairs: readonly string[], fields: readonly string[], reason: string): readonly Deviation[] {
  return pairs.map((pair) => ({ pair, fields, reason }));
}

export const AUDITD_DEVIATIONS: readonly Deviation[] = [
  {
    pair: '*',
    fields: ['event.id', 'event.ingested', 'host.os.type', 'auditd.record'],
    reason: 'What Vedette adds: the identity, when it was read, what only Linux writes, and every record as it came.',
  },
  {
    pair: 'go-libaudit',
    fields: ['event.dataset', 'host.architecture', 'related', 'process.tty', 'file.name'],
    reason: 'What auditbeat or the integration adds to a coalesced event; the terminal as ECS has it.',
  },
  ...each(
    [COALESCED, PREPARSED, RAW],
    ['event.dataset', 'event.module'],
    'The integration’s pipeline does not set them; the agent does.',
  ),
  ...each(
    [SAMPLE, COALESCED, PREPARSED, RAW],
    ['event.original', 'ecs.version', 'tags'],
    'The raw bytes are kept beside the event; tags are the audit rule’s keys.',
  ),
  ...each(
    [SAMPLE, COALESCED],
    ['auditd.messages'],
    'The raw bytes are kept beside the event, and every record stands in auditd.record.',
  ),

  // Names and words that differ by design; docs/formats.md tells why.
  ...each(
    [UBUNTU16, UBUNTU17, RHEL7, `${RAW} 5`],
    ['process.name'],
    'The name is that of the program file, as endpoint agents have it, not comm; also in records that have no comm.',
  ),
  ...each(
    [`${RHEL7} make-device`, `${RHEL7} mount syscall`, `${RAW} 1`],
    ['process.executable'],
    'Without the kernel’s note that the program file was deleted since.',
  ),
  ...each(
    [`${UBUNTU16} EXECVE`, `${UBUNTU17} EXECVE with multiple keys`, `${UBUNTU20} file_mode_preservation`, COALESCED],
    ['event.action', 'auditd.data.argc', 'process.command_line'],
    'An execution has an endpoint agent’s word, too, and a command line; argc is process.args_count.',
  ),
  ...each(
    [`${UBUNTU16} EXECVE`, `${UBUNTU17} EXECVE with multiple keys`, `${UBUNTU20} file_mode_preservation`],
    ['process.args_count'],
    'argc of go-libaudit’s data, where Elastic’s documents have it.',
  ),
  {
    pair: `${UBUNTU17} USER_CMD`,
    fields: ['process.args', 'process.args_count', 'process.command_line'],
    reason: 'The command that sudo ran, as Elastic’s auditd package fills it.',
  },
  ...each(
    [`${UBUNTU17} getpeername syscall`, `${UBUNTU17} getsockname syscall`],
    ['event.action'],
    'A call without a word of its own has its name.',
  ),
  ...each(
    ['go-libaudit', COALESCED],
    ['user.effective'],
    'Left out where it is the user; the records have euid and egid in auditd.record.',
  ),
  ...each(
    [
      `${RHEL7} LOGIN success`,
      `${RHEL7} USER_LOGIN`,
      `${UBUNTU16} USER_LOGIN failed ssh`,
      `${UBUNTU17} USER_ACCT`,
      `${UBUNTU17} CRED_ACQ`,
      `${UBUNTU17} USER_ERR`,
      `${UBUNTU17} USER_LOGIN`,
    ],
    ['user.id'],
    'Nobody is logged in yet: auditbeat leaves the id out, too, where go-libaudit says “unset”.',
  ),
  ...each(
    [
      `${RHEL7} USER_LOGIN`,
      `${RHEL7} CRYPTO_KEY_USER`,
      `${RHEL7} CRYPTO_SESSION`,
      `${UBUNTU16} USER_START`,
      `${UBUNTU16} USER_LOGIN failed ssh`,
      `${UBUNTU16} USER_LOGIN success`,
      `${UBUNTU17} USER_ERR`,
      `${UBUNTU17} USER_LOGIN`,
    ],
    ['auditd.data.addr'],
    'Stays beside source.ip: rules of Elastic’s ask for it.',
  ),
  {
    pair: `${RHEL7} LOGIN success`,
    fields: ['auditd.data.old-auid'],
    reason: 'go-libaudit keeps it among the user’s ids, which ECS does not have.',
  },
  ...each(
    [`${RHEL7} changed-system-time`, `${UBUNTU24} linkat_syscall`],
    ['auditd.data.items'],
    'The number of PATH records; it stands in auditd.record.syscall.items, as in the other pairs.',
  ),
  {
    pair: `${UBUNTU16_4} AVC_AppArmor_unlink`,
    fields: ['auditd.data.fsuid'],
    reason: 'Stands in auditd.user.filesystem.id.',
  },
  {
    pair: `${UBUNTU16} ANOM_PROMISCUOUS`,
    fields: ['auditd.data.auid', 'auditd.data.uid', 'auditd.data.gid', 'auditd.data.ses'],
    reason: 'The same as the SYSCALL’s, which have their own fields; the record stands in auditd.record.',
  },

  // Faults of the recordings.
  {
    pair: `${RHEL7} make-device`,
    fields: ['file', 'auditd.summary.object'],
    reason:
      'go-libaudit does not know objtype, as old kernels call nametype, and so takes the directory for the file; it also ' +
      'reads the type bits of a mode as those of Go.',
  },
  {
    pair: `${RHEL7} mount syscall`,
    fields: ['auditd.summary.object.type'],
    reason: 'go-libaudit reads the type bits of a mode as those of Go, so that everything is a file.',
  },
  {
    pair: `${UBUNTU16} ANOM_PROMISCUOUS`,
    fields: ['event.type'],
    reason: 'go-libaudit has “info” twice.',
  },
  {
    pair: UBUNTU21,
    fields: ['tags'],
    reason: 'The separator before the translated values was lost in the recording, so that they cling to the key.',
  },
  {
    pair: UBUNTU21,
    fields: ['user.name', 'user.group.name', 'auditd.user.saved', 'auditd.user.filesystem', 'auditd.summary.actor'],
    reason: 'The translated names, which auditbeat would look up.',
  },

  // What the lines of Elastic’s documents do not have.
  ...each(
    [COALESCED, SAMPLE],
    ['user.name', 'user.group.name', 'auditd.user.saved', 'auditd.user.filesystem', 'auditd.summary.actor'],
    'auditbeat looked the names up on the host.',
  ),
  {
    pair: COALESCED,
    fields: ['auditd.user.audit.name', 'file.owner', 'file.group', 'related.user'],
    reason: 'auditbeat looked the names up on the host.',
  },
  { pair: COALESCED, fields: ['auditd.summary.action'], reason: 'It is event.action.' },
  {
    pair: COALESCED,
    fields: ['file.name', 'process.tty'],
    reason: 'The last part of the path, and the terminal as ECS has it.',
  },
  {
    pair: SAMPLE,
    fields: ['agent', 'data_stream', 'elastic_agent', 'event.agent_id_status', 'host.name', 'service.type'],
    reason: 'What the agent adds of itself.',
  },
  { pair: SAMPLE, fields: ['event.action'], reason: 'A list, as for every audit event.' },
  { pair: SAMPLE, fields: ['host.architecture'], reason: 'From arch=, as in Elastic’s other documents.' },
  {
    pair: SAMPLE,
    fields: ['auditd.data.auid', 'auditd.data.ses', 'auditd.data.result'],
    reason: 'Repeats of auditd.user.audit, auditd.session and auditd.result.',
  },
  {
    pair: SAMPLE,
    fields: ['auditd.session', 'auditd.user.audit'],
    reason: '“unset” is said, as by go-libaudit, so that a daemon’s event differs from one without the field.',
  },

  // Elastic’s auditd package reads each record alone, and has names of its own for what auditd_manager has.
  ...each(
    [RAW, PREPARSED],
    ['auditd', 'user.audit', 'event.sequence', 'event.outcome'],
    'The package’s names: auditd.log.* and user.* are auditd.* of auditd_manager here, the sequence event.sequence.',
  ),
  {
    pair: RAW,
    fields: ['user.saved', 'user.filesystem', 'user.effective'],
    reason: 'As in auditd_manager: auditd.user.*, and user.effective only where it is another.',
  },
  { pair: `${RAW} 2`, fields: ['process.command_line'], reason: 'The command that sudo ran, whole.' },
  ...each(
    [`${RAW} 3`, `${RAW} 4`],
    ['event.action', 'process.title'],
    'The action is a list, as for every audit event, and the title has a home in ECS.',
  ),
  { pair: PREPARSED, fields: ['process.exit_code'], reason: 'What a call returned is no exit code of its process.' },
  { pair: `${RAW} 1`, fields: ['process.exit_code'], reason: 'What a call returned is no exit code of its process.' },
  {
    pair: `${RAW} 1`,
    fields: ['event.action', 'event.category', 'event.type'],
    reason: 'The package does not name call 44; it is sendto, of the network, whose address this line does not have.',
  },
  {
    pair: PREPARSED,
    fields: ['event.category', 'event.type'],
    reason: 'Lists, as in the package’s other documents.',
  },
];
