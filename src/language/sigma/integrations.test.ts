/** Rules on log sources of clouds and sensors, against documents in the shape of Elastic's integrations. */
import { expect, it } from 'vitest';
import { documentSource, Event } from '../../event/event.ts';
import type { JsonObject } from '../../event/json.ts';
import { evaluate } from '../../plan/predicate/evaluate.ts';
import { compileSigma } from './sigma.ts';

const event = (document: JsonObject) =>
  new Event({
    time: { ms: 0, ticks: 0 },
    source: documentSource(document),
    raw: new Uint8Array(),
    format: 'test',
    dataStreams: [],
  });

const roles = { '0': { display_name: 'Global Administrators', type: 'Role' } };

it.each<[string, string, JsonObject, boolean]>([
  [
    'product: azure, service: auditlogs',
    '{operationName: Add member to role, properties.targetResources|contains: Administrator}',
    {
      event: { dataset: 'azure.auditlogs' },
      azure: { auditlogs: { operation_name: 'Add member to role', properties: { target_resources: roles } } },
    },
    true,
  ],
  [
    'product: azure, service: signinlogs',
    '{ResultType: 53003}',
    {
      event: { dataset: 'azure.signinlogs' },
      azure: { signinlogs: { properties: { status: { error_code: 53003 } } } },
    },
    true,
  ],
  [
    'product: okta, service: okta',
    "{eventType: policy.lifecycle.delete, securityContext.isProxy: 'true'}",
    {
      event: { dataset: 'okta.system' },
      okta: { event_type: 'policy.lifecycle.delete', security_context: { is_proxy: true } },
    },
    true,
  ],
  [
    'product: m365, service: audit',
    '{Operation|contains: Set-Mailbox, Parameters|contains: [ForwardingSmtpAddress, ForwardTo]}',
    {
      event: { dataset: 'o365.audit', action: 'Set-Mailbox' },
      o365: { audit: { Parameters: { ForwardingSmtpAddress: 'smtp:a@b.org' } } },
    },
    true,
  ],
  [
    'product: kubernetes, category: application, service: audit',
    "{verb: create, objectRef.resource: pods, hostPath: '*'}",
    {
      event: { dataset: 'kubernetes.audit_logs' },
      kubernetes: {
        audit: {
          verb: 'create',
          objectRef: { resource: 'pods' },
          requestObject: { spec: { volumes: [{ hostPath: { path: '/' } }] } },
        },
      },
    },
    true,
  ],
  [
    'product: gcp, service: google_workspace.admin',
    '{eventService: admin.googleapis.com, eventName: [DELETE_ROLE, REMOVE_PRIVILEGE]}',
    { event: { dataset: 'google_workspace.admin', provider: 'admin', action: 'REMOVE_PRIVILEGE' } },
    true,
  ],
  [
    'product: github, service: audit',
    '{action: repo.destroy}',
    { event: { dataset: 'gcp.audit', action: 'repo.destroy' } },
    false,
  ],
])('case %#: %s %s', (source, selection, document, expected) => {
  const { plan, idle } = compileSigma(
    `title: x\nid: x\nlogsource: {${source}}\ndetection:\n  s: ${selection}\n  condition: s\n`,
  );
  expect(idle).toBeUndefined();
  expect(plan !== undefined && evaluate(plan.predicate, event(document))).toBe(expected);
});
