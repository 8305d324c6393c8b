import { describe, expect, it } from 'vitest';
import { NO_SPAN, spanOf } from '../diagnostic/span.ts';
import { documentSource, Event } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { evaluate } from '../plan/predicate/evaluate.ts';
import { sigmaField } from './sigma-fields.ts';
import { type LogSource, sigmaLogSource } from './sigma-log-sources.ts';

const event = (document: JsonObject) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });
const source = (text: string): LogSource => {
  const [product, category, service] = text.split('/').map((part) => (part === '' ? undefined : part));
  return { product, category, service };
};
const reads = (text: string, document: JsonObject) =>
  evaluate(sigmaLogSource(source(text), NO_SPAN).predicate, event(document));
const homes = (name: string, text: string) => sigmaField(name, source(text)).fields.map((field) => field.name);

const os = (type: string, rest: JsonObject = {}): JsonObject => ({ 'host.os.type': type, ...rest });
const ecs = (category: string, type: string, rest: JsonObject = {}): JsonObject => ({
  'event.category': [category],
  'event.type': [type],
  ...rest,
});
const REGISTRY_KEY = { 'event.code': '12' };
const SYSMON = { 'winlog.channel': 'Microsoft-Windows-Sysmon/Operational' };

describe('sigmaLogSource', () => {
  it.each<[string, JsonObject, boolean]>([
    ['linux/process_creation/', os('linux', ecs('process', 'start')), true],
    ['linux/process_creation/', os('windows', ecs('process', 'start')), false],
    ['linux/process_creation/', os('linux', ecs('process', 'end')), false],
    ['/process_creation/', os('macos', ecs('process', 'start')), true],
    ['windows/process_termination/', os('windows', ecs('process', 'end')), true],
    ['linux/network_connection/', os('linux', ecs('network', 'connection')), true],
    ['linux/file_event/', os('linux', ecs('file', 'creation')), true],
    ['windows/file_event/', os('windows', ecs('file', 'change', { 'event.action': 'overwrite' })), true],
    ['windows/file_delete/', os('windows', ecs('file', 'deletion')), true],
    ['windows/registry_set/', os('windows', ecs('registry', 'change')), true],
    ['windows/registry_set/', os('windows', ecs('registry', 'change', { ...SYSMON, 'event.code': '13' })), true],
    ['windows/registry_set/', os('windows', ecs('registry', 'change', { ...SYSMON, 'event.code': '12' })), false],
    ['windows/registry_add/', os('windows', ecs('registry', 'change', { ...SYSMON, 'event.code': '12' })), true],
    [
      'windows/registry_delete/',
      os(
        'windows',
        ecs('registry', 'change', { ...SYSMON, ...REGISTRY_KEY, 'winlog.event_data.EventType': 'DeleteKey' }),
      ),
      true,
    ],
    [
      'windows/registry_delete/',
      os(
        'windows',
        ecs('registry', 'change', { ...SYSMON, ...REGISTRY_KEY, 'winlog.event_data.EventType': 'CreateKey' }),
      ),
      false,
    ],
    [
      'windows/registry_add/',
      os(
        'windows',
        ecs('registry', 'change', { ...SYSMON, ...REGISTRY_KEY, 'winlog.event_data.EventType': 'DeleteValue' }),
      ),
      false,
    ],
    ['windows/image_load/', os('windows', ecs('library', 'start')), true],
    ['windows/dns_query/', os('windows', { 'event.category': 'network', 'dns.question.name': 'x.org' }), true],
    ['windows/process_access/', os('windows', { ...SYSMON, 'event.code': 10 }), true],
    [
      'windows/ps_script/',
      os('windows', { 'winlog.channel': 'Microsoft-Windows-PowerShell/Operational', 'event.code': '4104' }),
      true,
    ],
    ['windows//security', os('windows', { 'winlog.channel': 'Security' }), true],
    ['windows//security', os('windows', { 'winlog.channel': 'System' }), false],
    ['linux//auditd', os('linux', { 'event.module': 'auditd' }), true],
    ['linux//sshd', { 'event.module': 'system', 'process.name': 'sshd' }, true],
    ['linux//sshd', { 'event.module': 'system', 'process.name': 'su' }, false],
    ['linux//cron', { 'event.module': 'system', 'process.name': 'CRON' }, true],
    ['linux//syslog', { 'event.module': 'system' }, true],
    ['linux//syslog', os('linux', { 'event.module': 'auditd' }), false],
    ['cisco//aaa', { 'event.module': 'cisco_ios' }, true],
    ['cisco//aaa', { 'event.module': 'system' }, false],
    ['cisco//bgp', { 'event.module': 'cisco_ios', 'cisco.ios.facility': 'BGP' }, true],
    ['cisco//bgp', { 'event.module': 'cisco_ios', 'cisco.ios.facility': 'SYS' }, false],
    ['/webserver/', { 'event.category': ['web'], 'event.module': 'nginx' }, true],
    ['/webserver/', { 'event.category': ['web'], 'event.module': 'squid' }, false],
    ['/proxy/', { 'event.category': ['web', 'network'], 'event.module': 'squid' }, true],
    ['aws//cloudtrail', { 'event.module': 'aws', 'event.dataset': 'aws.cloudtrail' }, true],
    ['linux//', os('linux'), true],
    ['okta//okta', { 'event.dataset': 'okta.system' }, true],
    ['okta//okta', { 'event.dataset': 'aws.cloudtrail' }, false],
    ['azure//signinlogs', { 'event.dataset': 'azure.signinlogs' }, true],
    ['azure//signinlogs', { 'event.dataset': 'azure.auditlogs' }, false],
    ['kubernetes/application/audit', { 'event.dataset': 'kubernetes.audit_logs' }, true],
    ['zeek//dns', { 'event.dataset': 'zeek.dns' }, true],
    ['zeek//dns', { 'event.dataset': 'zeek.http' }, false],
    ['/antivirus/', { 'event.category': ['malware', 'file'] }, true],
    ['/antivirus/', { 'winlog.channel': 'Microsoft-Windows-Windows Defender/Operational', 'event.code': '1116' }, true],
    [
      '/antivirus/',
      { 'winlog.channel': 'Microsoft-Windows-Windows Defender/Operational', 'event.code': '5001' },
      false,
    ],
    ['/firewall/', { 'event.category': ['network'], 'event.module': 'panw' }, true],
    ['/firewall/', { 'event.category': ['network'], 'event.module': 'zeek' }, false],
    ['spring/application/', { 'service.framework.name': 'Spring Web MVC' }, true],
    ['opencanary/application/', { logtype: 3000, node_id: 'trap' }, true],
    ['opencanary/application/', { logtype: 3000 }, false],
    ['sundial//shadow', { 'event.module': 'sundial', 'event.dataset': 'sundial.shadow' }, true],
    ['sundial//shadow', { 'event.module': 'aws' }, false],
  ])('%s reads %j: %s', (text, document, expected) => {
    expect(reads(text, document)).toBe(expected);
  });

  it.each([
    ['linux/process_creation/', []],
    ['windows//taskscheduler', []],
    ['linux//sshd', []],
    ['linux//samba', ['service: samba']],
    ['/voicemail/', ['category: voicemail']],
    ['okta//okta', []],
    ['azure//pim', ['product: azure', 'service: pim']],
  ])('%s lacks %j', (text, expected) => {
    expect(sigmaLogSource(source(text), NO_SPAN).unserved).toEqual(expected);
  });

  it('gives every node the place of the log source', () => {
    const text = JSON.stringify(sigmaLogSource(source('windows/registry_set/security'), spanOf(3, 9)).predicate);
    expect([...text.matchAll(/"span":(\{[^}]*\})/g)].every(([, span]) => span === '{"start":3,"end":9}')).toBe(true);
  });
});

describe('sigmaField', () => {
  it.each([
    ['Image', 'linux/process_creation/', ['process.executable']],
    ['User', 'linux/process_creation/', ['user.name']],
    ['User', 'windows/process_creation/', ['winlog.event_data.User', 'user.name', 'user.domain']],
    ['SourceImage', 'windows/process_access/', ['process.executable']],
    ['Company', 'windows/image_load/', ['dll.pe.company', 'file.pe.company']],
    ['EventID', 'windows//security', ['event.code']],
    [
      'SubjectUserName',
      'windows//security',
      ['winlog.event_data.SubjectUserName', 'winlog.user_data.SubjectUserName', 'SubjectUserName'],
    ],
    ['a1', 'linux//auditd', ['process.args[1]', 'auditd.record.syscall.a1']],
    ['unit', 'linux//auditd', ['unit', 'auditd.data.unit']],
    ['process.name', 'windows//security', ['process.name']],
    ['eventName', 'aws//cloudtrail', ['event.action']],
    [
      'requestParameters.layers',
      'aws//cloudtrail',
      ['aws.cloudtrail.flattened.request_parameters.layers', 'requestParameters.layers'],
    ],
    ['cs-method', '/proxy/', ['http.request.method']],
    ['eventType', 'okta//okta', ['okta.event_type', 'event.action']],
    ['actor.alternateId', 'okta//okta', ['okta.actor.alternate_id']],
    ['user.name', 'okta//okta', ['okta.user.name', 'user.name']],
    ['Operation', 'm365//audit', ['event.action', 'o365.audit.Operation']],
    ['ObjectId', 'm365//audit', ['o365.audit.ObjectId']],
    ['data.protoPayload.serviceName', 'gcp//gcp.audit', ['gcp.audit.service_name']],
    ['query', 'zeek//dns', ['dns.question.name', 'zeek.dns.query']],
    ['Z', 'zeek//dns', ['zeek.dns.Z']],
    ['objectRef.resource', 'kubernetes//audit', ['kubernetes.audit.objectRef.resource']],
    ['__proto__', 'linux//', ['__proto__']],
  ])('%s of %s is %j', (name, text, expected) => {
    expect(homes(name, text)).toEqual(expected);
  });

  it('knows the types that ECS gives', () => {
    const type = (name: string) => sigmaField(name, source('windows/network_connection/')).fields[0]?.type;
    expect(['DestinationIp', 'DestinationPort', 'Image', 'Whatever'].map(type)).toEqual([
      'ip',
      'long',
      'keyword',
      'unknown',
    ]);
  });

  it.each<[string, string, string, JsonObject]>([
    ['Hashes', 'windows/process_creation/', 'md5=0aff', { 'process.hash.md5': '0AFF' }],
    ['Hashes', 'windows/driver_load/', 'imphash=0aff', { 'dll.pe.imphash': '0aff' }],
    ['Initiated', 'windows/network_connection/', 'true', { 'network.direction': 'egress' }],
    ['type', 'linux//auditd', 'execve', { 'process.args': ['ls'] }],
    ['eventService', 'gcp//google_workspace.admin', 'admin.googleapis.com', { 'event.provider': 'admin' }],
    ['Parameters', 'm365//audit', 'forwardto', { 'o365.audit.Parameters.ForwardTo': 'a@b.org' }],
    ['blocked', '/firewall/', 'true', { 'event.type': 'denied' }],
  ])('%s of %s: %s is %j', (name, text, value, document) => {
    const { sameAs } = sigmaField(name, source(text));
    const same = sameAs?.(value);
    expect(same !== undefined && evaluate(same, event(document))).toBe(true);
    expect(same !== undefined && evaluate(same, event({}))).toBe(false);
    expect(sameAs?.('anything else')).toBeUndefined();
  });
});
