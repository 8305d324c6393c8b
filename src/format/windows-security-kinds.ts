/**
 * What the event ids of the Security log are in ECS: category, type and action, after Elastic's `system.security`.
 */
export interface SecurityKind {
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly action: string;
}

export function securityKind(code: string): SecurityKind | undefined {
  return KINDS.get(code);
}

/** All that `securityKind` may say. */
export function securityWords(): string {
  return TABLE;
}

/** A line: category, type (parts joined by `+`), then ids each with its action. */
const TABLE = `
  process start: 4688 created-process, 5024 windows-firewall-service-started
  process end: 1100 logging-service-shutdown, 4689 exited-process, 5025 windows-firewall-service-stopped
  driver start: 5033 windows-firewall-driver-started
  driver end: 5034 windows-firewall-driver-stopped, 5037 windows-firewall-driver-error
  authentication start: 4624 logged-in, 4625 logon-failed, 4648 logged-in-explicit
  authentication start: 4768 kerberos-authentication-ticket-requested, 4769 kerberos-service-ticket-requested
  authentication start: 4770 kerberos-service-ticket-renewed, 4771 kerberos-preauth-failed, 4776 credential-validated
  authentication end: 4634 logged-out, 4647 logged-out
  authentication+session start: 4778 session-reconnected
  authentication+session end: 4779 session-disconnected
  configuration access: 4610 authentication-package-loaded, 4614 notification-package-loaded, 4622 security-package-loaded
  configuration change: 4611 trusted-logon-process-registered, 4616 system-time-changed, 4713 kerberos-policy-changed
  configuration change: 4714 encrypted-data-recovery-policy-changed, 4715 object-audit-policy-changed
  configuration change: 4716 trusted-domain-information-changed, 4739 domain-policy-changed
  configuration change: 4950 windows-firewall-setting-changed, 4954 windows-firewall-group-policy-changed
  configuration creation: 4706 domain-trust-added
  configuration deletion: 4707 domain-trust-removed
  registry+configuration change: 4657 registry-value-modified
  iam admin+change: 1102 audit-log-cleared
  iam admin: 1104 logging-full, 1105 auditlog-archieved, 1108 logging-processing-error, 4672 logged-in-special
  iam admin: 4673 privileged-service-called, 4674 privileged-operation
  iam admin+group: 4964 logged-in-special
  iam+configuration admin+change: 4670 permissions-changed, 4697 service-installed, 4719 changed-audit-config
  iam+configuration admin+change: 4717 system-security-access-granted, 4817 object-audit-changed
  iam+configuration admin+change: 4904 security-event-source-added, 4906 crash-on-audit-changed
  iam+configuration admin+change: 4907 audit-setting-changed, 4908 special-group-table-changed
  iam+configuration admin+change: 4912 per-user-audit-policy-changed
  iam+configuration admin+creation: 4902 user-audit-policy-created
  iam+configuration admin+deletion: 4718 system-security-access-removed, 4905 security-event-source-removed
  iam+configuration creation+admin: 4698 scheduled-task-created
  iam+configuration deletion+admin: 4699 scheduled-task-deleted
  iam+configuration change+admin: 4700 scheduled-task-enabled, 4701 scheduled-task-disabled, 4702 scheduled-task-updated
  iam user+creation: 4720 added-user-account
  iam user+change: 4722 enabled-user-account, 4723 changed-password, 4724 reset-password, 4738 modified-user-account
  iam user+change: 4740 locked-out-user-account, 4767 unlocked-user-account, 4781 renamed-user-account
  iam user+deletion: 4725 disabled-user-account, 4726 deleted-user-account
  iam user+info: 4798 group-membership-enumerated
  iam group+info: 4799 user-member-enumerated
  iam group+creation: 4727 added-group-account, 4731 added-group-account, 4754 added-group-account
  iam group+creation: 4744 added-distribution-group-account, 4749 added-distribution-group-account
  iam group+creation: 4759 added-distribution-group-account
  iam group+change: 4728 added-member-to-group, 4732 added-member-to-group, 4756 added-member-to-group
  iam group+change: 4729 removed-member-from-group, 4733 removed-member-from-group, 4757 removed-member-from-group
  iam group+change: 4735 modified-group-account, 4737 modified-group-account, 4755 modified-group-account
  iam group+change: 4745 changed-distribution-group-account, 4750 changed-distribution-group-account
  iam group+change: 4760 changed-distribution-group-account, 4764 type-changed-group-account
  iam group+change: 4746 added-member-to-distribution-group, 4751 added-member-to-distribution-group
  iam group+change: 4761 added-member-to-distribution-group, 4747 removed-member-from-distribution-group
  iam group+change: 4752 removed-member-from-distribution-group, 4762 removed-member-from-distribution-group
  iam group+deletion: 4730 deleted-group-account, 4734 deleted-group-account, 4758 deleted-group-account
  iam group+deletion: 4748 deleted-distribution-group-account, 4753 deleted-distribution-group-account
  iam group+deletion: 4763 deleted-distribution-group-account
  iam creation+admin: 4741 added-computer-account
  iam change+admin: 4742 changed-computer-account
  iam deletion+admin: 4743 deleted-computer-account
  network+file info+access: 5140 network-share-object-accessed, 5145 network-share-object-access-checked
`;

const KINDS: ReadonlyMap<string, SecurityKind> = new Map(
  TABLE.trim()
    .split('\n')
    .flatMap((line) => {
      const [, category = '', type = '', events = ''] = /^\s*(\S+) (\S+): (.*)$/.exec(line) ?? [];
      return events.split(', ').map((event) => {
        const [code = '', action = ''] = event.split(' ');
        return [code, { category: category.split('+'), type: type.split('+'), action }] as const;
      });
    }),
);
