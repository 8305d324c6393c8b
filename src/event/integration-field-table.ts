/**
 * Names and types of fields beside ECS that integrations and published rules show, made by
 * `node tools/generate-integration-fields.ts`. Do not edit.
 *
 * One line is a parent (`.` at the top) and the names under it.
 */
export const INTEGRATION_FIELD_TABLE = {
  keyword: `
Effective_process.code_signature signing_id status subject_name team_id
Effective_process entity_id executable name
Endpoint.policy.applied.artifacts.global.identifiers name sha256
Endpoint.policy.applied.artifacts.global snapshot version
Endpoint.policy.applied.artifacts.user.identifiers name sha256
Endpoint.policy.applied.artifacts.user version
Memory_protection feature unique_key_v2
Persistence name
Responses.action action
Responses.action.file attributes path
Responses.action.key actions path
Responses.action.key.values actions name
Responses.action.process path
Responses.action.source attributes path
Responses message
Target.process.Ext authentication_id desktop_name protection
Target.process.Ext.memory_region allocation_protection allocation_type bytes_compressed region_protection region_state strings
Target.process.Ext.memory_region.hash sha256
Target.process.Ext.token integrity_level_name
Target.process entity_id executable name
Tcc identity reason right service update_type
. _label request type
auditd.file.selinux domain level role user
auditd.log a0 gpg_res items proctitle record_type root_dir ses subj sw sw_type syscall tty
auditd message_type messages result session
auditd.summary action how
auditd.summary.actor primary secondary
auditd.summary.object primary type
auditd.user.audit id name
auditd.user.filesystem.group id name
auditd.user.filesystem id name
auditd.user.saved.group id name
auditd.user.saved id name
aws.cloudtrail error_code recipient_account_id request_parameters session_credential_from_console
aws.cloudtrail.flattened.request_parameters aclProtocol activate attribute enable includeDeprecated key reason ruleAction serialNumber x-amz-acl x-amz-server-side-encryption-customer-algorithm
aws.cloudtrail.flattened.request_parameters.groupSet.items groupId
aws.cloudtrail.flattened.request_parameters.ipPermissions.items fromPort
aws.cloudtrail.flattened.response_elements.documentDescription documentType
aws.cloudtrail.resources arn
aws.cloudtrail.user_identity access_key_id arn invoked_by type
aws.cloudtrail.user_identity.session_context.session_issuer arn
azure.aadgraphactivitylogs.properties actor_type app_id
azure.activitylogs.identity.authorization.evidence principal_id principal_type role
azure.activitylogs.identity.claims appid
azure.activitylogs.identity.claims_initiated_by_user name
azure.activitylogs operation_name
azure.activitylogs.properties appId authentication_protocol responseBody status_code
azure.activitylogs.properties.requestbody.properties roleDefinitionId
azure.auditlogs identity operation_name
azure.auditlogs.properties.additional_details key value
azure.auditlogs.properties category result_reason userAgent
azure.auditlogs.properties.initiated_by.user id userPrincipalName
azure.auditlogs.properties.target_resources.0 display_name
azure.auditlogs.properties.target_resources.0.modified_properties.1 display_name new_value
azure.auditlogs.properties.target_resources.0.modified_properties.2 new_value
azure.auditlogs.properties.target_resources.0.modified_properties.3 new_value
azure.auditlogs.properties.target_resources.0.modified_properties.4 new_value
azure correlation_id tenant_id
azure.graphactivitylogs.properties app_id c_idtyp client_auth_method user_principal_object_id
azure.graphactivitylogs result_signature
azure.identityprotection.properties activity risk_detail risk_state user_principal_name
azure.platformlogs category statusCode
azure.platformlogs.identity.claim upn
azure.platformlogs.identity type
azure.platformlogs.properties id userAgentHeader
azure.platformlogs.properties.log.objectRef name namespace resource subresource
azure.platformlogs.properties.log.requestObject.spec signerName
azure.platformlogs.properties.log.requestObject.status.conditions type
azure.platformlogs.properties.log requestURI stage userAgent verb
azure.platformlogs.properties.log.responseStatus code reason
azure.platformlogs.properties.log.user username
azure.resource id name
azure.signinlogs category result_signature
azure.signinlogs.properties app_display_name app_id app_owner_tenant_id authentication_processing_details authentication_protocol authentication_requirement client_app_used client_credential_type conditional_access_status incoming_token_type original_transfer_method resource_display_name resource_id risk_level_aggregated risk_level_during_signin risk_state service_principal_id tenant_id token_issuer_type user_id user_principal_name user_type
azure.signinlogs.properties.applied_conditional_access_policies enforced_grant_controls result
azure.signinlogs.properties.authentication_details authentication_method
azure.signinlogs.properties.conditional_access_audiences application_id
azure.signinlogs.properties.device_detail browser device_id operating_system trust_type
azure.signinlogs.properties.status error_code
azure.signinlogs.properties.token_protection_status_details sign_in_session_status
beacon_stats beaconing_score
crowdstrike AuthenticationId CapPrm ConfigStateHash ConnectionFlags ContextProcessId DesiredAccess DualRequest EffectiveTransmissionClass Entitlements EnvironmentVariableName EnvironmentVariableValue EventOrigin FileAttributes FileObject ImageSubsystem InContext Information IntegrityLevel IrpFlags LocalAddressIP4 MD5HashData MachOSubType MajorFunction MinorFunction NDRoot OciContainerId OperationFlags Options ParentAuthenticationId ProcessCreateFlags ProcessParameterFlags ProcessSxsFlags RGID RUID RootPath SHA256HashData SVGID SVUID SessionId SessionProcessId ShareAccess SourceProcessId SourceThreadId Status SyntheticPR2Flags Tags TokenType UnixMode WindowFlags cid id name
dll.Ext.code_signature status subject_name thumbprint_sha256
dll.Ext.device product_id volume_device_type
dll.malware_classification.features.data buffer encoding
dll.malware_classification identifier version
dll mapped_address
dns.Ext options
elastic.agent id
elastic_agent id version
endgame event_subtype_full
endgame.metadata type
endpoint.artifact hash name version
endpoint.file.original gid group mode name owner path uid
endpoint.group.real id name
endpoint.policy id
endpoint.process authenication_id
endpoint.process.parent session
endpoint.user.real id name
file.Ext.device volume_device_type
file.Ext header_bytes quarantine_message quarantine_path temp_file_path
file.Ext.malware_classification identifier version
file.Ext.original extension name path
file.macro.collection.hash md5 sha1 sha256 sha512
file.macro.errors error_type
file.macro file_extension
file.macro.project_file.hash md5 sha1 sha256 sha512
file.macro.stream.hash md5 sha1 sha256 sha512
file.macro.stream name raw_code raw_code_size
file.malware_classification.features.data buffer encoding
file.malware_classification identifier version
file.pe.Ext.sections.hash md5 sha256
file.pe.Ext.sections name
file.pe.Ext.streams.hash md5 sha256
file.pe.Ext.streams name
fortinet.firewall action cfgattr cfgpath method ui
gcp.audit.authentication_info authority_selector principal_email
gcp.audit.labels.authorization.k8s io/decision
gcp.audit.labels.command.gke io/command
gcp.audit.request kind
gcp.audit.request.metadata name namespace
gcp.audit.request.metadata.ownerReferences kind
gcp.audit.request.rules resources verbs
gcp.audit.request.spec.containers.securityContext.capabilities add
gcp.audit.request.spec serviceAccountName signerName type
gcp.audit.request.spec.volumes.hostPath path
gcp.audit.request.subjects kind
gcp.audit resource_name
gcp.audit.response.rules resources verbs
gcp.audit.service_data.policy_delta.binding_deltas action role
gcp.audit.status message
github actor_ip category hashed_token operation_type permission programmatic_access_type repo user_agent visibility
google_workspace.admin.application name
google_workspace.admin new_value old_value
google_workspace.admin.role name
google_workspace.admin.setting.metadata.rule type
google_workspace.admin.setting name
google_workspace.device account_state type
google_workspace.drive copy_type visibility
google_workspace.drive.file type
google_workspace.event type
google_workspace.token.client id
google_workspace.token.scope value
group.Ext.real id
host.os.Ext variant
host.os variant
host.user domain email full_name hash id name
host.user.group domain id name
http.request.headers authorization
http.response.headers content-type location server
http.response version
icmp.request type
kibana.alert.rule name rule_id type
kibana.alert.rule.threat.tactic id
kibana.alert severity workflow_status
kubernetes.audit.annotations authorization_k8s_io/decision
kubernetes.audit.impersonatedUser groups username
kubernetes.audit level requestURI stage verb
kubernetes.audit.objectRef name namespace resource subresource
kubernetes.audit.requestObject.roleRef name
kubernetes.audit.requestObject.spec.containers image
kubernetes.audit.requestObject.spec.containers.securityContext.capabilities add
kubernetes.audit.requestObject.spec serviceAccountName type
kubernetes.audit.requestObject.spec.volumes.hostPath path
kubernetes.audit.user.extra.authentication.kubernetes io/pod-name
kubernetes.audit.user groups username
ml_is_dga malicious_prediction
network_traffic.cassandra.request query
network_traffic.icmp.request type
network_traffic.memcached.request command
network_traffic.memcached.response status_code type
network_traffic.mongodb method query
network_traffic.mysql query
network_traffic.nfs.rpc auth_flavor
network_traffic.nfs.rpc.cred uid
network_traffic.pgsql query
network_traffic.redis query
network_traffic.thrift method
o365.audit.Actor Type
o365.audit.AffectedItems Subject
o365.audit ApplicationId AzureActiveDirectoryEventType ClientAppId CommunicationType ErrorNumber LogonType Members Name NewValue ObjectId RecordType SearchQueryText UserId UserType
o365.audit.DeviceProperties Value
o365.audit.ModifiedProperties.AllowFederatedUsers NewValue OldValue
o365.audit.ModifiedProperties.AllowGuestUser NewValue OldValue
o365.audit.ModifiedProperties.AllowTeamsConsumer NewValue OldValue
o365.audit.ModifiedProperties.IsPublic NewValue OldValue
o365.audit.ModifiedProperties.Role_DisplayName NewValue
o365.audit.ModifiedProperties.ShareUsingAnonymousLinks NewValue OldValue
o365.audit.ModifiedProperties.ShareWithGuests NewValue OldValue
o365.audit.OperationProperties Name Value
o365.audit.Target ID Type
observer address
okta.actor display_name id type
okta.authentication_context external_session_id
okta.authentication_context.issuer id
okta.client device
okta.client.user_agent raw_user_agent
okta.debug_context.debug_data dt_hash factor risk_behaviors
okta.debug_context.debug_data.flattened grantType privilegeGranted requestedScopes
okta event_type
okta.outcome reason result
okta.target alternate_id id
powershell.file script_block_text
process.Ext ancestry architecture authentication_id desktop_name mitigation_policies protection user
process.Ext.api behaviors name summary
process.Ext.api.metadata amsi_filenames client_machine client_machine_fqdn procedure_symbol security_descriptor start_address_allocation_protection start_address_module target_address_name target_address_path
process.Ext.api.metadata.amsi_logs entries type
process.Ext.api.parameters allocation_type app_name attribute_list buffer consumer_details consumer_name consumer_type content_name desired_access device distinguished_name event_filter_details event_filter_name flags handle_type hook_module hook_type name namespace operation protection protection_old scope_of_search search_filter usage usage_page
process.Ext.code_signature status subject_name thumbprint_sha256
process.Ext.device bus_type product_id volume_device_type
process.Ext.effective_parent entity_id executable name
process.Ext.load_module name src_version taint_flags version
process.Ext.memfd name
process.Ext.memory_region allocation_protection allocation_type mapped_path region_protection region_start_bytes region_state
process.Ext.ptrace data
process.Ext.script content path
process.Ext.session_info authentication_package client_address failure_reason logon_process_name logon_type user_flags
process.Ext.token domain elevation_level elevation_type impersonation_level integrity_level_name security_attributes sid user
process.ai_agent name
process.malware_classification.features.data buffer encoding
process.malware_classification identifier version
process origin_referrer_url origin_url pgid services user
process.parent.Ext architecture protection user
process.parent.thread.Ext.call_stack callsite_leading_bytes callsite_trailing_bytes protection symbol_info
process.parent.thread.Ext call_stack_summary
process.thread.Ext.call_stack callsite_leading_bytes callsite_trailing_bytes module_name module_path protection protection_provenance symbol_info
process.thread.Ext.call_stack.memory_section protection
process.thread.Ext.call_stack_final_hook_module.code_signature status subject_name thumbprint_sha256
process.thread.Ext.call_stack_final_hook_module.hash sha256
process.thread.Ext.call_stack_final_hook_module path
process.thread.Ext.call_stack_final_user_module.code_signature status subject_name thumbprint_sha256
process.thread.Ext.call_stack_final_user_module.hash sha256
process.thread.Ext.call_stack_final_user_module name path protection protection_provenance protection_provenance_path reason
process.thread.Ext call_stack_summary start_address_module
process.thread.call_stack instruction_pointer module_path rva symbol_info
process.thread.call_stack.memory_section address protection
process.thread services start start_address start_address_module
process.thread.token domain elevation_type impersonation_level integrity_level_name sid type user
process.thread.token.privileges description name
process.token domain elevation_type impersonation_level integrity_level_name sid type user
process.token.privileges description name
processor name
related entity
sentinel_one_cloud_funnel.event account_id category id meta_event_name os_name packet_id process_unique_key trace_id type
sentinel_one_cloud_funnel.event.agent uuid version
sentinel_one_cloud_funnel.event.data_source category name
sentinel_one_cloud_funnel.event.dst ip_address
sentinel_one_cloud_funnel.event.endpoint name os type
sentinel_one_cloud_funnel.event.group id
sentinel_one_cloud_funnel.event.i scheme version
sentinel_one_cloud_funnel.event.mgmt id os_revision url
sentinel_one_cloud_funnel.event.network connection_status direction protocol_name
sentinel_one_cloud_funnel.event.site id name
sentinel_one_cloud_funnel.event.src ip_address
sentinel_one_cloud_funnel.event.src.process.active_content signed_status type
sentinel_one_cloud_funnel.event.src.process cmd_line display_name integrity_level name publisher session_id signed_status storyline_id subsystem uid verified_status
sentinel_one_cloud_funnel.event.src.process.image md5 path sha1 sha256
sentinel_one_cloud_funnel.event.src.process.parent.active_content signed_status type
sentinel_one_cloud_funnel.event.src.process.parent cmd_line display_name integrity_level name publisher session_id signed_status storyline_id subsystem uid
sentinel_one_cloud_funnel.event.src.process.parent.image md5 path sha1 sha256
sentinel_one_cloud_funnel.event.src.process.parent.user name
sentinel_one_cloud_funnel.event.src.process.user name
sentinel_one_cloud_funnel.event.tgt.file is_signed
sentinel_one_cloud_funnel.event.tgt.process cmd_line display_name integrity_level name pid publisher session_id signed_status storyline_id subsystem uid verified_status
sentinel_one_cloud_funnel.event.tgt.process.image md5 path sha1 sha256
sentinel_one_cloud_funnel.event.tgt.process.user name
signal.rule name tags
signal.rule.threat.tactic name
system.auth.ssh method
target.dll.code_signature status subject_name
target.dll.hash md5 sha1 sha256 sha512
target.dll.malware_classification.features.data buffer encoding
target.dll.malware_classification identifier version
target.dll mapped_address name path
target.dll.pe company description file_version original_file_name product
target.process args command_line entity_id executable name services start title user working_directory
target.process.code_signature status subject_name
target.process.hash md5 sha1 sha256 sha512
target.process.malware_classification.features.data buffer encoding
target.process.malware_classification identifier version
target.process.parent args command_line entity_id executable name start title working_directory
target.process.parent.code_signature status subject_name
target.process.parent.hash md5 sha1 sha256 sha512
target.process.parent.thread name
target.process.pe company description file_version original_file_name product
target.process.thread.call_stack instruction_pointer module_path rva symbol_info
target.process.thread.call_stack.memory_section address protection
target.process.thread name services start start_address start_address_module
target.process.thread.token domain elevation_type impersonation_level integrity_level_name sid type user
target.process.thread.token.privileges description name
target.process.token domain elevation_type impersonation_level integrity_level_name sid type user
target.process.token.privileges description name
threatintel.indicator.file.pe imphash
threatintel.indicator ip
threatintel.indicator.registry path
threatintel.indicator.url full
user.Ext.real id
user.audit id
user.filesystem.group id
user.filesystem id
user.saved.group id
user.saved id
winlog channel computer_name event_id keywords level opcode outcome provider_guid provider_name record_id
winlog.logon id type
winlog.user identifier
zeek.http client_header_names server_header_names
zoom.meeting password`,
  long: `
Effective_process pid
Endpoint.policy.applied.artifacts.global update_age
Responses.action.file reason
Responses result
Target.process.Ext.memory_region allocation_base allocation_size bytes_address bytes_allocation_offset region_base region_size
Target.process pid
. _state blocklist_label
auditd.log sequence
crowdstrike AsepWrittenCount DirectoryCreatedCount DnsRequestCount ExecutableDeletedCount FileDeletedCount InterfaceIndex NetworkBindCount NetworkCapableAsepWriteCount NetworkCloseCount NetworkConnectCount NetworkListenCount NetworkRecvAcceptCount NewExecutableWrittenCount SuspectStackCount SuspiciousDnsRequestCount
dll.Ext load_index size
dll.Ext.windows zone_identifier
dll.malware_classification.features.data decompressed_size
dll.malware_classification score
dll mapped_size
dns.Ext status
endpoint.file.windows zone_identifier
endpoint.process.parent.real pid
file.Ext monotonic_id
file.Ext.windows zone_identifier
file.macro code_page
file.macro.errors count
file.malware_classification.features.data decompressed_size
file.malware_classification score
kibana.alert risk_score
o365.audit OperationCount
powershell.file script_block_length
problemchild prediction
process.Ext.api.metadata background_callcount client_process_id ms_since_last_keyevent return_value thread_info_flags visible_windows_count windows_count
process.Ext.api.parameters address argument1 argument2 argument3 context_flags desired_access_numeric eax ebp ebx ecx edi edx eip esi esp io_control_code procedure r8 r9 rax rbp rbx rcx rdi rdx rip rsi rsp size
process.Ext.effective_parent pid
process.Ext.load_module taints
process.Ext.memfd flags
process.Ext.memory_region allocation_base allocation_size bytes_address bytes_allocation_offset region_base region_size
process.Ext.ptrace addr child_pid request
process.Ext.session_info id
process.Ext.windows zone_identifier
process.malware_classification.features.data decompressed_size
process.malware_classification score
process.parent.Ext.real pid
process.parent pgid ppid
process.parent.thread.Ext.call_stack allocation_private_bytes
process ppid
process.thread.Ext.call_stack allocation_private_bytes instruction_pointer
process.thread.Ext.call_stack.memory_section memory_address memory_size
process.thread.Ext.call_stack_final_user_module allocation_private_bytes
process.thread.Ext start_address
process.thread.call_stack.memory_section size
process.thread.token integrity_level
process.thread uptime
process.token integrity_level
sentinel_one_cloud_funnel.event.dst port_number
sentinel_one_cloud_funnel.event repetition_count
sentinel_one_cloud_funnel.event.src port_number
sentinel_one_cloud_funnel.event.src.process child_proc_count dns_count module_count pid registry_change_count
sentinel_one_cloud_funnel.event.src.process.cross_process count open_process_count out_of_storyline_count thread_create_count
sentinel_one_cloud_funnel.event.src.process.cross_process.dup remote_process_handle_count thread_handle_count
sentinel_one_cloud_funnel.event.src.process.indicator boot_configuration_update_count evasion_count exploitation_count general_count info_stealer_count injection_count persistence_count post_exploitation_count ransomware_count reconnaissance_count
sentinel_one_cloud_funnel.event.src.process.net_conn count in_count out_count
sentinel_one_cloud_funnel.event.src.process.parent pid
sentinel_one_cloud_funnel.event.src.process.tgt_file creation_count deletion_count modification_count
target.dll.malware_classification.features.data decompressed_size
target.dll.malware_classification score
target.dll mapped_size
target.process args_count exit_code pgid pid ppid uptime
target.process.malware_classification.features.data decompressed_size
target.process.malware_classification score
target.process.parent args_count exit_code pgid pid ppid uptime
target.process.parent.thread id
target.process.thread.call_stack.memory_section size
target.process.thread id uptime
target.process.thread.token integrity_level
target.process.token integrity_level
winlog.process pid
winlog.process.thread id
winlog version`,
  double: `
dll.Ext relative_file_creation_time relative_file_name_modify_time
dll.malware_classification threshold
file.Ext entropy
file.Ext.malware_classification score threshold
file.malware_classification threshold
ml_is_dga malicious_probability
powershell.file script_block_entropy_bits script_block_surprisal_stdev
problemchild prediction_probability
process.Ext relative_file_creation_time relative_file_name_modify_time
process.Ext.session_info relative_logon_time relative_password_age
process.malware_classification threshold
target.dll.malware_classification threshold
target.process.malware_classification threshold`,
  boolean: `
Effective_process.code_signature exists trusted
Memory_protection cross_session parent_to_child self_injection
Target.process.Ext created_suspended
Target.process.Ext.memory_region bytes_compressed_present memory_pe_detected
auditd.log key_enforce success
aws.cloudtrail.console_login.additional_eventdata mfa_used
aws.cloudtrail.flattened.request_parameters omitted withDecryption
azure.signinlogs.properties.device_detail is_managed
azure.signinlogs.properties is_interactive
beacon_stats is_beaconing
dll.Ext.code_signature exists trusted
dll.malware_classification upx_packed
elastic_agent snapshot
file.Ext.code_signature exists
file.Ext quarantine_result
file.malware_classification upx_packed
file.pe.Ext dotnet
flow final
gcp.audit.request.spec.containers.securityContext allowPrivilegeEscalation
gcp.audit.request.spec hostIPC hostNetwork hostPID
github repository_public
google_workspace.drive owner_is_team_drive
google_workspace.login is_suspicious
kubernetes.audit.requestObject.spec.containers.securityContext privileged
kubernetes.audit.requestObject.spec hostIPC hostNetwork hostPID
network_traffic.memcached.request noreply
o365.audit.ParticipantInfo HasForeignTenantUsers HasGuestUsers HasOtherGuestUsers
okta.debug_context.debug_data threat_suspected
okta.security_context is_proxy
process.Ext.api.metadata client_is_local
process.Ext.code_signature exists trusted
process.Ext created_suspended
process.Ext.memfd flag_allow_seal flag_cloexec flag_exec flag_hugetlb flag_noexec_seal
process.Ext.memory_region bytes_compressed_present
process.Ext.token elevation
process.ai_agent is_descendant
process.malware_classification upx_packed
process.parent.thread.Ext call_stack_contains_unbacked hardware_breakpoint_set
process.thread.Ext.call_stack_final_hook_module.code_signature exists trusted
process.thread.Ext.call_stack_final_user_module.code_signature exists trusted
process.thread.Ext hardware_breakpoint_set
process.thread.token elevation is_appcontainer
process.thread.token.privileges enabled
process.token elevation is_appcontainer
process.token.privileges enabled
sentinel_one_cloud_funnel.event.src.process.image binary_is_executable
sentinel_one_cloud_funnel.event.src.process is_native_64_bit is_redirect_cmd_processor is_storyline_root
sentinel_one_cloud_funnel.event.src.process.parent is_native_64_bit is_redirect_cmd_processor is_storyline_root
sentinel_one_cloud_funnel.event.tgt.process.image binary_is_executable
sentinel_one_cloud_funnel.event.tgt.process is_native_64_bit is_redirect_cmd_processor is_storyline_root
target.dll.code_signature exists trusted valid
target.dll.malware_classification upx_packed
target.process.code_signature exists trusted valid
target.process.malware_classification upx_packed
target.process.parent.code_signature exists trusted valid
target.process.thread.token elevation is_appcontainer
target.process.thread.token.privileges enabled
target.process.token elevation is_appcontainer
target.process.token.privileges enabled`,
  date: `
Responses @timestamp
crowdstrike ChangeTime ContextTimeStamp
dll compile_time
sentinel_one_cloud_funnel.event.sca atlantis_ingest_time ingest_time
sentinel_one_cloud_funnel.event.src.process.parent start_time
sentinel_one_cloud_funnel.event.src.process start_time
sentinel_one_cloud_funnel.event.tgt.process start_time
sentinel_one_cloud_funnel.event time timestamp
target.dll compile_time
winlog time_created`,
  ip: `
aws.cloudtrail.flattened.request_parameters.ipPermissions.items.ipRanges.items cidrIp`,
} as const;
