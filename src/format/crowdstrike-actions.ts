/**
 * What CrowdStrike's event names mean in ECS: category, type, kind and outcome, as Elastic's integration has them.
 */
import type { Json } from '../event/json.ts';

export interface CrowdstrikeAction {
  readonly category?: readonly Json[];
  readonly type?: readonly Json[];
  readonly kind: string;
  readonly outcome?: string;
}

/** One line: categories, types, kind, outcome, and the event names that mean them. */
const TABLE = `
process start event success ProcessRollup2 SyntheticProcessRollup2 CreateThreadNoStartImage CreateThreadKernelNoStartImage FlashThreadCreateProcess HostedServiceStarted ServiceStarted WmiCreateProcess ClassifiedProcessStart ActiveDirectoryIncomingPsExecExecution2
process start state success CreateProcessArgs
process end event success EndOfProcess TerminateProcess HostedServiceStopped ProcessSelfDeleted AbnormalTerminationNotification
process end event failure CsUmProcessCrashSummaryEvent
process end,info event success CommandHistory
process info state unknown ProcessRollup2Stats
process info event unknown AllocVmEtw
process access event success ScreenshotTakenEtw
process access alert success PrivilegedProcessHandleFromUnsignedModule ReflectiveDllOpenProcess WroteExeAndGeneratedServiceEvent
process access alert failure ProcessBlocked
process change event success CreateThreadReflectiveDll DllInjection ImageHash InjectedThread JavaInjectedThread ProcessInjection
process change alert success InjectedThreadFromUnsignedModule UnsignedModuleLoad
process change alert unknown LsassHandleFromUnsignedModule
process access,change event success BrowserInjectedThread DocumentProgramInjectedThread
process,file access alert success ProcessExecOnPackedExecutable
process,file,network access alert success ProcessExecOnSMBFile
process,authentication info,change event success TokenImpersonated UACCOMElevation UACExeElevation UACMSIElevation
process,malware info alert success ProcessHandleOpDetectInfo UserExceptionDEP
process,malware info event unknown ModuleBlockedEventWithPatternId ModuleDetectInfo
process,malware info,denied alert success ModuleBlockedEvent
malware,process info alert success SensitiveWmiQuery SuspiciousUserRemoteAPCAttempt
library start event - ClassifiedModuleLoad
driver start event success DriverLoad KernelModeLoadImage KextLoad
driver end event success KextUnload
network start,connection event unknown NetworkConnectIP4 NetworkConnectIP6
network end,connection event unknown NetworkCloseIP4 NetworkCloseIP6
network start event success NetworkListenIP4 NetworkListenIP6
network allowed,access,connection event unknown NetworkReceiveAcceptIP4 NetworkReceiveAcceptIP6
network start,connection event success RawBindIP4 RawBindIP6 CreateSocket
network protocol event success DnsRequest
network start,protocol alert success SuspiciousDnsRequest
network protocol,denied event unknown DnsRequestBlocked
network protocol,info event unknown DnsRequestResult
network connection event success SmbClientNamedPipeConnectEtw
network connection,start event success SmbClientShareOpenedEtw SmbServerShareOpenedEtw
network connection,end event success SmbClientShareClosedEtw
network connection state success TelemetryNetworkConnections
network connection state unknown SmbServerV1AuditEtw
network,session connection,info event success AgentConnect
network,session connection,start event success HttpRequestDetect
network,file connection,creation event success BITSJobCreated
host,network info state unknown NeighborListIP4 NeighborListIP6
file creation event success DirectoryCreate FileCreateInfo NewExecutableWritten NewScriptWritten InstallBundleDownloadComplete InstallServiceDownloadComplete LFODownloadConfirmation PtyCreated UpdateManifestDownloadComplete VolumeSnapshotCreated
file creation,change event success AsepFileChange
file creation alert success QueueApcEtw RansomwareCreateFile
file change event success FileRenameInfo FileTimestampsModified LfoUploadDataComplete MachOFileWritten NewExecutableRenamed
file change event failure LfoUploadDataFailed LfoUploadDataUnneeded
file change alert success CriticalFileModified
file change alert unknown ModifyServiceBinary QuarantinedFile
file deletion event success ExecutableDeleted FileDeleteInfo VolumeSnapshotDeleted
file change,deletion event failure FileSystemOperationBlocked
file change,deletion alert unknown FileSystemOperationDetectInfo
file access event success FileOpenInfo FsPostOpenSnapshotFile
file access alert success CriticalFileAccessed RansomwareFileAccessPattern RansomwareOpenFile
file info event success PeVersionInfo
file info event unknown FileInfo ChannelDataDownloadComplete ConfigDownloadComplete
file info alert unknown FileDetectInfo QuarantineActionResult QuarantinedFileState
file info state unknown SignInfoWithCertAndContext SignInfoWithContext
file info state failure SignInfoError
malware,file info alert success ScriptControlBlocked ScriptControlDetectInfo
malware,file info alert failure ScriptControlErrorEvent
malware,file info state success ScriptControlScanInfo ScriptControlScanTelemetry
malware,file creation,info alert success SuspiciousCreateSymbolicLink SuspiciousEseFileWritten
registry change event success AsepKeyUpdate AsepValueUpdate RegGenericValueUpdate
registry change alert unknown FalconHostRegTamperingInfo
registry,host,configuration change event success RegSystemConfigValueUpdate
registry,file access,creation alert success SAMHashDumpFromUnsignedModule
malware,registry info alert success RegistryOperationDetectInfo
malware,registry,configuration change,info alert success SuspiciousRegAsepUpdate
malware,authentication info alert success RemoteBruteForceDetectInfo
malware info alert success AssociateTreeIdWithRoot DetectAnalysis
malware info alert unknown CustomIOABasicProcessDetectionInfoEvent CustomIOADomainNameDetectionInfoEvent
malware info event unknown EarlyExploitPivotDetect
malware deletion alert success CloudAssociateTreeIdWithRoot
threat indicator event unknown AssociateIndicator
authentication start event success UserLogon ActiveDirectoryAuthentication ActiveDirectoryInteractiveDomainLogon
authentication start event failure UserLogonFailed UserLogonFailed2 ActiveDirectoryAuthenticationFailure
authentication end event success UserLogoff
authentication,iam info,user event success UserIdentity
configuration,iam change,group event success UserAccountAddedToGroup
configuration,iam creation event success UserAccountCreated
configuration,iam deletion event success UserAccountDeleted
configuration,iam access event unknown DCSyncAttempted
iam info event success DcOffline DcOnline
iam info state success DcStatus
session start event success IoSessionConnected
session end event success IoSessionLoggedOn
session info state unknown HttpVisibilityStatus
configuration change event success BehaviorWhitelisted ConfigStateUpdate FirewallDeleteRule FirewallDeleteRuleIP4 FirewallDeleteRuleIP6 FirewallSetRule FirewallSetRuleIP4 FirewallSetRuleIP6 NetShareSecurityModify ScheduledTaskModified UserFontLoad WfpFilterTamperingFilterAdded WfpFilterTamperingFilterDeleted WmiFilterConsumerBindingEtw WmiProviderRegistrationEtw
configuration change,info event success DetectionExcluded
configuration creation event success ScheduledTaskRegistered
configuration deletion event success ScheduledTaskDeleted
configuration,file change,creation event success ManifestDownloadComplete
configuration,host change event success CriticalEnvironmentVariableChanged FirewallChangeOption FirewallDisabled FirewallEnabled RemovableDiskModuleLoadAttempt RemovableMediaVolumeMounted
configuration,host change state success LocalIpAddressIP4 LocalIpAddressIP6 LocalIpAddressRemovedIP4 LocalIpAddressRemovedIP6
configuration,package,host change,installation,start state success AgentOnline
host,configuration change event success RegisterRawInputDevicesEtw SetWinEventHookEtw SnapshotVolumeMounted
host change event success CreateService FsVolumeMounted FsVolumeUnmounted HostnameChanged NetShareAdd NetShareDelete
host change state success PromiscuousBindIP4
host info event success HostInfo OsVersionInfo
host info event failure CrashNotification
host info state success AmsiRegistrationStatus CurrentSystemTags FirmwareAnalysisHardwareData FirmwareAnalysisStatus SystemCapacity TelemetryCounters2 TelemetryStats
host info state failure FirmwareAnalysisErrorEvent
host info state unknown ChannelActive InstanceMetadata OciContainerTelemetry
host,package change,installation event success InstalledUpdates
package installation event success InstalledApplication
package deletion state success AcUninstallConfirmation AcUnloadConfirmation
package change event success IOServiceRegister
package info event success SensorHeartbeat
package info state unknown FalconServiceStatus
package info event failure UmppaErrorEvent
package info alert failure ErrorEvent
package,host info event failure EtwErrorEvent
`;

const ACTIONS: ReadonlyMap<string, CrowdstrikeAction> = readTable();
/** What the table says of events, in lower case. */
export const CROWDSTRIKE_ACTION_WORDS: string = [
  ...new Set(TABLE.split('\n').flatMap((line) => line.split(' ').slice(0, 4).join(',').split(','))),
].join(' ');
const FILE_WRITTEN: CrowdstrikeAction = { category: ['file'], type: ['creation'], kind: 'event', outcome: 'success' };
const UNKNOWN: CrowdstrikeAction = { kind: 'event' };

/** `…Written` is a file's creation, also where the table does not have it; of any other unknown name nothing is said. */
export function crowdstrikeAction(simpleName: string): CrowdstrikeAction {
  return ACTIONS.get(simpleName) ?? (simpleName.endsWith('Written') ? FILE_WRITTEN : UNKNOWN);
}

function readTable(): ReadonlyMap<string, CrowdstrikeAction> {
  const actions = new Map<string, CrowdstrikeAction>();
  for (const line of TABLE.trim().split('\n')) {
    const [category = '', type = '', kind = '', outcome = '', ...names] = line.split(' ');
    const action: CrowdstrikeAction = {
      category: category.split(','),
      type: type.split(','),
      kind,
      ...(outcome === '-' ? {} : { outcome }),
    };
    for (const name of names) actions.set(name, action);
  }
  return actions;
}
