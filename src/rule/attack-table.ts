/**
 * Ids, names and tactics of MITRE ATT&CK (Enterprise), made by `tools/generate-attack.mjs`; do not edit by hand.
 *
 * © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE
 * Corporation. ATT&CK is a registered trademark of The MITRE Corporation.
 * Terms of use: https://attack.mitre.org/resources/legal-and-branding/terms-of-use/
 */
export const ATTACK_SNAPSHOT = '2025-11-13';

/** A line a tactic: id, name (tab separated). */
export const TACTIC_ROWS = `
TA0001	Initial Access
TA0002	Execution
TA0003	Persistence
TA0004	Privilege Escalation
TA0005	Defense Evasion
TA0006	Credential Access
TA0007	Discovery
TA0008	Lateral Movement
TA0009	Collection
TA0010	Exfiltration
TA0011	Command and Control
TA0040	Impact
TA0042	Resource Development
TA0043	Reconnaissance
`;

/** A line a technique: id, name, tactic ids (comma separated), `revoked` or `deprecated` where it no longer stands. */
export const TECHNIQUE_ROWS = `
T1001	Data Obfuscation	TA0011
T1001.001	Junk Data	TA0011
T1001.002	Steganography	TA0011
T1001.003	Protocol or Service Impersonation	TA0011
T1002	Data Compressed	TA0010	revoked
T1003	OS Credential Dumping	TA0006
T1003.001	LSASS Memory	TA0006
T1003.002	Security Account Manager	TA0006
T1003.003	NTDS	TA0006
T1003.004	LSA Secrets	TA0006
T1003.005	Cached Domain Credentials	TA0006
T1003.006	DCSync	TA0006
T1003.007	Proc Filesystem	TA0006
T1003.008	/etc/passwd and /etc/shadow	TA0006
T1004	Winlogon Helper DLL	TA0003	revoked
T1005	Data from Local System	TA0009
T1006	Direct Volume Access	TA0005
T1007	System Service Discovery	TA0007
T1008	Fallback Channels	TA0011
T1009	Binary Padding	TA0005	revoked
T1010	Application Window Discovery	TA0007
T1011	Exfiltration Over Other Network Medium	TA0010
T1011.001	Exfiltration Over Bluetooth	TA0010
T1012	Query Registry	TA0007
T1013	Port Monitors	TA0003,TA0004	revoked
T1014	Rootkit	TA0005
T1015	Accessibility Features	TA0003,TA0004	revoked
T1016	System Network Configuration Discovery	TA0007
T1016.001	Internet Connection Discovery	TA0007
T1016.002	Wi-Fi Discovery	TA0007
T1017	Application Deployment Software	TA0008	revoked
T1018	Remote System Discovery	TA0007
T1019	System Firmware	TA0003	revoked
T1020	Automated Exfiltration	TA0010
T1020.001	Traffic Duplication	TA0010
T1021	Remote Services	TA0008
T1021.001	Remote Desktop Protocol	TA0008
T1021.002	SMB/Windows Admin Shares	TA0008
T1021.003	Distributed Component Object Model	TA0008
T1021.004	SSH	TA0008
T1021.005	VNC	TA0008
T1021.006	Windows Remote Management	TA0008
T1021.007	Cloud Services	TA0008
T1021.008	Direct Cloud VM Connections	TA0008
T1022	Data Encrypted	TA0010	revoked
T1023	Shortcut Modification	TA0003	revoked
T1024	Custom Cryptographic Protocol	TA0011	revoked
T1025	Data from Removable Media	TA0009
T1026	Multiband Communication	TA0011	deprecated
T1027	Obfuscated Files or Information	TA0005
T1027.001	Binary Padding	TA0005
T1027.002	Software Packing	TA0005
T1027.003	Steganography	TA0005
T1027.004	Compile After Delivery	TA0005
T1027.005	Indicator Removal from Tools	TA0005
T1027.006	HTML Smuggling	TA0005
T1027.007	Dynamic API Resolution	TA0005
T1027.008	Stripped Payloads	TA0005
T1027.009	Embedded Payloads	TA0005
T1027.010	Command Obfuscation	TA0005
T1027.011	Fileless Storage	TA0005
T1027.012	LNK Icon Smuggling	TA0005
T1027.013	Encrypted/Encoded File	TA0005
T1027.014	Polymorphic Code	TA0005
T1027.015	Compression	TA0005
T1027.016	Junk Code Insertion	TA0005
T1027.017	SVG Smuggling	TA0005
T1028	Windows Remote Management	TA0002,TA0008	revoked
T1029	Scheduled Transfer	TA0010
T1030	Data Transfer Size Limits	TA0010
T1031	Modify Existing Service	TA0003	revoked
T1032	Standard Cryptographic Protocol	TA0011	revoked
T1033	System Owner/User Discovery	TA0007
T1034	Path Interception	TA0003,TA0004	deprecated
T1035	Service Execution	TA0002	revoked
T1036	Masquerading	TA0005
T1036.001	Invalid Code Signature	TA0005
T1036.002	Right-to-Left Override	TA0005
T1036.003	Rename Legitimate Utilities	TA0005
T1036.004	Masquerade Task or Service	TA0005
T1036.005	Match Legitimate Resource Name or Location	TA0005
T1036.006	Space after Filename	TA0005
T1036.007	Double File Extension	TA0005
T1036.008	Masquerade File Type	TA0005
T1036.009	Break Process Trees	TA0005
T1036.010	Masquerade Account Name	TA0005
T1036.011	Overwrite Process Arguments	TA0005
T1036.012	Browser Fingerprint	TA0005
T1037	Boot or Logon Initialization Scripts	TA0003,TA0004
T1037.001	Logon Script (Windows)	TA0003,TA0004
T1037.002	Login Hook	TA0003,TA0004
T1037.003	Network Logon Script	TA0003,TA0004
T1037.004	RC Scripts	TA0003,TA0004
T1037.005	Startup Items	TA0003,TA0004
T1038	DLL Search Order Hijacking	TA0003,TA0004,TA0005	revoked
T1039	Data from Network Shared Drive	TA0009
T1040	Network Sniffing	TA0006,TA0007
T1041	Exfiltration Over C2 Channel	TA0010
T1042	Change Default File Association	TA0003	revoked
T1043	Commonly Used Port	TA0011	deprecated
T1044	File System Permissions Weakness	TA0003,TA0004	revoked
T1045	Software Packing	TA0005	revoked
T1046	Network Service Discovery	TA0007
T1047	Windows Management Instrumentation	TA0002
T1048	Exfiltration Over Alternative Protocol	TA0010
T1048.001	Exfiltration Over Symmetric Encrypted Non-C2 Protocol	TA0010
T1048.002	Exfiltration Over Asymmetric Encrypted Non-C2 Protocol	TA0010
T1048.003	Exfiltration Over Unencrypted Non-C2 Protocol	TA0010
T1049	System Network Connections Discovery	TA0007
T1050	New Service	TA0003,TA0004	revoked
T1051	Shared Webroot	TA0008	deprecated
T1052	Exfiltration Over Physical Medium	TA0010
T1052.001	Exfiltration over USB	TA0010
T1053	Scheduled Task/Job	TA0002,TA0003,TA0004
T1053.001	At (Linux)	TA0002,TA0003,TA0004	revoked
T1053.002	At	TA0002,TA0003,TA0004
T1053.003	Cron	TA0002,TA0003,TA0004
T1053.004	Launchd	TA0002,TA0003,TA0004	deprecated
T1053.005	Scheduled Task	TA0002,TA0003,TA0004
T1053.006	Systemd Timers	TA0002,TA0003,TA0004
T1053.007	Container Orchestration Job	TA0002,TA0003,TA0004
T1054	Indicator Blocking	TA0005	revoked
T1055	Process Injection	TA0004,TA0005
T1055.001	Dynamic-link Library Injection	TA0004,TA0005
T1055.002	Portable Executable Injection	TA0004,TA0005
T1055.003	Thread Execution Hijacking	TA0004,TA0005
T1055.004	Asynchronous Procedure Call	TA0004,TA0005
T1055.005	Thread Local Storage	TA0004,TA0005
T1055.008	Ptrace System Calls	TA0004,TA0005
T1055.009	Proc Memory	TA0004,TA0005
T1055.011	Extra Window Memory Injection	TA0004,TA0005
T1055.012	Process Hollowing	TA0004,TA0005
T1055.013	Process Doppelgänging	TA0004,TA0005
T1055.014	VDSO Hijacking	TA0004,TA0005
T1055.015	ListPlanting	TA0004,TA0005
T1056	Input Capture	TA0006,TA0009
T1056.001	Keylogging	TA0006,TA0009
T1056.002	GUI Input Capture	TA0006,TA0009
T1056.003	Web Portal Capture	TA0006,TA0009
T1056.004	Credential API Hooking	TA0006,TA0009
T1057	Process Discovery	TA0007
T1058	Service Registry Permissions Weakness	TA0003,TA0004	revoked
T1059	Command and Scripting Interpreter	TA0002
T1059.001	PowerShell	TA0002
T1059.002	AppleScript	TA0002
T1059.003	Windows Command Shell	TA0002
T1059.004	Unix Shell	TA0002
T1059.005	Visual Basic	TA0002
T1059.006	Python	TA0002
T1059.007	JavaScript	TA0002
T1059.008	Network Device CLI	TA0002
T1059.009	Cloud API	TA0002
T1059.010	AutoHotKey & AutoIT	TA0002
T1059.011	Lua	TA0002
T1059.012	Hypervisor CLI	TA0002
T1059.013	Container CLI/API	TA0002
T1060	Registry Run Keys / Startup Folder	TA0003	revoked
T1061	Graphical User Interface	TA0002	deprecated
T1062	Hypervisor	TA0003	deprecated
T1063	Security Software Discovery	TA0007	revoked
T1064	Scripting	TA0002,TA0005	deprecated
T1065	Uncommonly Used Port	TA0011	revoked
T1066	Indicator Removal from Tools	TA0005	revoked
T1067	Bootkit	TA0003	revoked
T1068	Exploitation for Privilege Escalation	TA0004
T1069	Permission Groups Discovery	TA0007
T1069.001	Local Groups	TA0007
T1069.002	Domain Groups	TA0007
T1069.003	Cloud Groups	TA0007
T1070	Indicator Removal	TA0005
T1070.001	Clear Windows Event Logs	TA0005
T1070.002	Clear Linux or Mac System Logs	TA0005
T1070.003	Clear Command History	TA0005
T1070.004	File Deletion	TA0005
T1070.005	Network Share Connection Removal	TA0005
T1070.006	Timestomp	TA0005
T1070.007	Clear Network Connection History and Configurations	TA0005
T1070.008	Clear Mailbox Data	TA0005
T1070.009	Clear Persistence	TA0005
T1070.010	Relocate Malware	TA0005
T1071	Application Layer Protocol	TA0011
T1071.001	Web Protocols	TA0011
T1071.002	File Transfer Protocols	TA0011
T1071.003	Mail Protocols	TA0011
T1071.004	DNS	TA0011
T1071.005	Publish/Subscribe Protocols	TA0011
T1072	Software Deployment Tools	TA0002,TA0008
T1073	DLL Side-Loading	TA0005	revoked
T1074	Data Staged	TA0009
T1074.001	Local Data Staging	TA0009
T1074.002	Remote Data Staging	TA0009
T1075	Pass the Hash	TA0008	revoked
T1076	Remote Desktop Protocol	TA0008	revoked
T1077	Windows Admin Shares	TA0008	revoked
T1078	Valid Accounts	TA0001,TA0003,TA0004,TA0005
T1078.001	Default Accounts	TA0001,TA0003,TA0004,TA0005
T1078.002	Domain Accounts	TA0001,TA0003,TA0004,TA0005
T1078.003	Local Accounts	TA0001,TA0003,TA0004,TA0005
T1078.004	Cloud Accounts	TA0001,TA0003,TA0004,TA0005
T1079	Multilayer Encryption	TA0011	revoked
T1080	Taint Shared Content	TA0008
T1081	Credentials in Files	TA0006	revoked
T1082	System Information Discovery	TA0007
T1083	File and Directory Discovery	TA0007
T1084	Windows Management Instrumentation Event Subscription	TA0003	revoked
T1085	Rundll32	TA0002,TA0005	revoked
T1086	PowerShell	TA0002	revoked
T1087	Account Discovery	TA0007
T1087.001	Local Account	TA0007
T1087.002	Domain Account	TA0007
T1087.003	Email Account	TA0007
T1087.004	Cloud Account	TA0007
T1088	Bypass User Account Control	TA0004,TA0005	revoked
T1089	Disabling Security Tools	TA0005	revoked
T1090	Proxy	TA0011
T1090.001	Internal Proxy	TA0011
T1090.002	External Proxy	TA0011
T1090.003	Multi-hop Proxy	TA0011
T1090.004	Domain Fronting	TA0011
T1091	Replication Through Removable Media	TA0001,TA0008
T1092	Communication Through Removable Media	TA0011
T1093	Process Hollowing	TA0005	revoked
T1094	Custom Command and Control Protocol	TA0011	revoked
T1095	Non-Application Layer Protocol	TA0011
T1096	NTFS File Attributes	TA0005	revoked
T1097	Pass the Ticket	TA0008	revoked
T1098	Account Manipulation	TA0003,TA0004
T1098.001	Additional Cloud Credentials	TA0003,TA0004
T1098.002	Additional Email Delegate Permissions	TA0003,TA0004
T1098.003	Additional Cloud Roles	TA0003,TA0004
T1098.004	SSH Authorized Keys	TA0003,TA0004
T1098.005	Device Registration	TA0003,TA0004
T1098.006	Additional Container Cluster Roles	TA0003,TA0004
T1098.007	Additional Local or Domain Groups	TA0003,TA0004
T1099	Timestomp	TA0005	revoked
T1100	Web Shell	TA0003,TA0004	revoked
T1101	Security Support Provider	TA0003	revoked
T1102	Web Service	TA0011
T1102.001	Dead Drop Resolver	TA0011
T1102.002	Bidirectional Communication	TA0011
T1102.003	One-Way Communication	TA0011
T1103	AppInit DLLs	TA0003,TA0004	revoked
T1104	Multi-Stage Channels	TA0011
T1105	Ingress Tool Transfer	TA0011
T1106	Native API	TA0002
T1107	File Deletion	TA0005	revoked
T1108	Redundant Access	TA0003,TA0005	deprecated
T1109	Component Firmware	TA0003,TA0005	revoked
T1110	Brute Force	TA0006
T1110.001	Password Guessing	TA0006
T1110.002	Password Cracking	TA0006
T1110.003	Password Spraying	TA0006
T1110.004	Credential Stuffing	TA0006
T1111	Multi-Factor Authentication Interception	TA0006
T1112	Modify Registry	TA0003,TA0005
T1113	Screen Capture	TA0009
T1114	Email Collection	TA0009
T1114.001	Local Email Collection	TA0009
T1114.002	Remote Email Collection	TA0009
T1114.003	Email Forwarding Rule	TA0009
T1115	Clipboard Data	TA0009
T1116	Code Signing	TA0005	revoked
T1117	Regsvr32	TA0002,TA0005	revoked
T1118	InstallUtil	TA0002,TA0005	revoked
T1119	Automated Collection	TA0009
T1120	Peripheral Device Discovery	TA0007
T1121	Regsvcs/Regasm	TA0002,TA0005	revoked
T1122	Component Object Model Hijacking	TA0003,TA0005	revoked
T1123	Audio Capture	TA0009
T1124	System Time Discovery	TA0007
T1125	Video Capture	TA0009
T1126	Network Share Connection Removal	TA0005	revoked
T1127	Trusted Developer Utilities Proxy Execution	TA0005
T1127.001	MSBuild	TA0005
T1127.002	ClickOnce	TA0005
T1127.003	JamPlus	TA0005
T1128	Netsh Helper DLL	TA0003	revoked
T1129	Shared Modules	TA0002
T1130	Install Root Certificate	TA0005	revoked
T1131	Authentication Package	TA0003	revoked
T1132	Data Encoding	TA0011
T1132.001	Standard Encoding	TA0011
T1132.002	Non-Standard Encoding	TA0011
T1133	External Remote Services	TA0001,TA0003
T1134	Access Token Manipulation	TA0004,TA0005
T1134.001	Token Impersonation/Theft	TA0004,TA0005
T1134.002	Create Process with Token	TA0004,TA0005
T1134.003	Make and Impersonate Token	TA0004,TA0005
T1134.004	Parent PID Spoofing	TA0004,TA0005
T1134.005	SID-History Injection	TA0004,TA0005
T1135	Network Share Discovery	TA0007
T1136	Create Account	TA0003
T1136.001	Local Account	TA0003
T1136.002	Domain Account	TA0003
T1136.003	Cloud Account	TA0003
T1137	Office Application Startup	TA0003
T1137.001	Office Template Macros	TA0003
T1137.002	Office Test	TA0003
T1137.003	Outlook Forms	TA0003
T1137.004	Outlook Home Page	TA0003
T1137.005	Outlook Rules	TA0003
T1137.006	Add-ins	TA0003
T1138	Application Shimming	TA0003,TA0004	revoked
T1139	Bash History	TA0006	revoked
T1140	Deobfuscate/Decode Files or Information	TA0005
T1141	Input Prompt	TA0006	revoked
T1142	Keychain	TA0006	revoked
T1143	Hidden Window	TA0005	revoked
T1144	Gatekeeper Bypass	TA0005	revoked
T1145	Private Keys	TA0006	revoked
T1146	Clear Command History	TA0005	revoked
T1147	Hidden Users	TA0005	revoked
T1148	HISTCONTROL	TA0005	revoked
T1149	LC_MAIN Hijacking	TA0005	deprecated
T1150	Plist Modification	TA0003,TA0004,TA0005	revoked
T1151	Space after Filename	TA0002,TA0005	revoked
T1152	Launchctl	TA0002,TA0003,TA0005	revoked
T1153	Source	TA0002	deprecated
T1154	Trap	TA0002,TA0003	revoked
T1155	AppleScript	TA0002	revoked
T1156	Malicious Shell Modification	TA0003	revoked
T1157	Dylib Hijacking	TA0003,TA0004	revoked
T1158	Hidden Files and Directories	TA0003,TA0005	revoked
T1159	Launch Agent	TA0003	revoked
T1160	Launch Daemon	TA0003,TA0004	revoked
T1161	LC_LOAD_DYLIB Addition	TA0003	revoked
T1162	Login Item	TA0003	revoked
T1163	Rc.common	TA0003	revoked
T1164	Re-opened Applications	TA0003	revoked
T1165	Startup Items	TA0003,TA0004	revoked
T1166	Setuid and Setgid	TA0003,TA0004	revoked
T1167	Securityd Memory	TA0006	revoked
T1168	Local Job Scheduling	TA0002,TA0003	revoked
T1169	Sudo	TA0004	revoked
T1170	Mshta	TA0002,TA0005	revoked
T1171	LLMNR/NBT-NS Poisoning and Relay	TA0006	revoked
T1172	Domain Fronting	TA0011	revoked
T1173	Dynamic Data Exchange	TA0002	revoked
T1174	Password Filter DLL	TA0006	revoked
T1175	Component Object Model and Distributed COM	TA0002,TA0008	deprecated
T1176	Software Extensions	TA0003
T1176.001	Browser Extensions	TA0003
T1176.002	IDE Extensions	TA0003
T1177	LSASS Driver	TA0002,TA0003	revoked
T1178	SID-History Injection	TA0004	revoked
T1179	Hooking	TA0003,TA0004,TA0006	revoked
T1180	Screensaver	TA0003	revoked
T1181	Extra Window Memory Injection	TA0004,TA0005	revoked
T1182	AppCert DLLs	TA0003,TA0004	revoked
T1183	Image File Execution Options Injection	TA0003,TA0004,TA0005	revoked
T1184	SSH Hijacking	TA0008	revoked
T1185	Browser Session Hijacking	TA0009
T1186	Process Doppelgänging	TA0005	revoked
T1187	Forced Authentication	TA0006
T1188	Multi-hop Proxy	TA0011	revoked
T1189	Drive-by Compromise	TA0001
T1190	Exploit Public-Facing Application	TA0001
T1191	CMSTP	TA0002,TA0005	revoked
T1192	Spearphishing Link	TA0001	revoked
T1193	Spearphishing Attachment	TA0001	revoked
T1194	Spearphishing via Service	TA0001	revoked
T1195	Supply Chain Compromise	TA0001
T1195.001	Compromise Software Dependencies and Development Tools	TA0001
T1195.002	Compromise Software Supply Chain	TA0001
T1195.003	Compromise Hardware Supply Chain	TA0001
T1196	Control Panel Items	TA0002,TA0005	revoked
T1197	BITS Jobs	TA0003,TA0005
T1198	SIP and Trust Provider Hijacking	TA0003,TA0005	revoked
T1199	Trusted Relationship	TA0001
T1200	Hardware Additions	TA0001
T1201	Password Policy Discovery	TA0007
T1202	Indirect Command Execution	TA0005
T1203	Exploitation for Client Execution	TA0002
T1204	User Execution	TA0002
T1204.001	Malicious Link	TA0002
T1204.002	Malicious File	TA0002
T1204.003	Malicious Image	TA0002
T1204.004	Malicious Copy and Paste	TA0002
T1204.005	Malicious Library	TA0002
T1205	Traffic Signaling	TA0003,TA0005,TA0011
T1205.001	Port Knocking	TA0003,TA0005,TA0011
T1205.002	Socket Filters	TA0003,TA0005,TA0011
T1206	Sudo Caching	TA0004	revoked
T1207	Rogue Domain Controller	TA0005
T1208	Kerberoasting	TA0006	revoked
T1209	Time Providers	TA0003	revoked
T1210	Exploitation of Remote Services	TA0008
T1211	Exploitation for Defense Evasion	TA0005
T1212	Exploitation for Credential Access	TA0006
T1213	Data from Information Repositories	TA0009
T1213.001	Confluence	TA0009
T1213.002	Sharepoint	TA0009
T1213.003	Code Repositories	TA0009
T1213.004	Customer Relationship Management Software	TA0009
T1213.005	Messaging Applications	TA0009
T1213.006	Databases	TA0009
T1214	Credentials in Registry	TA0006	revoked
T1215	Kernel Modules and Extensions	TA0003	revoked
T1216	System Script Proxy Execution	TA0005
T1216.001	PubPrn	TA0005
T1216.002	SyncAppvPublishingServer	TA0005
T1217	Browser Information Discovery	TA0007
T1218	System Binary Proxy Execution	TA0005
T1218.001	Compiled HTML File	TA0005
T1218.002	Control Panel	TA0005
T1218.003	CMSTP	TA0005
T1218.004	InstallUtil	TA0005
T1218.005	Mshta	TA0005
T1218.007	Msiexec	TA0005
T1218.008	Odbcconf	TA0005
T1218.009	Regsvcs/Regasm	TA0005
T1218.010	Regsvr32	TA0005
T1218.011	Rundll32	TA0005
T1218.012	Verclsid	TA0005
T1218.013	Mavinject	TA0005
T1218.014	MMC	TA0005
T1218.015	Electron Applications	TA0005
T1219	Remote Access Tools	TA0011
T1219.001	IDE Tunneling	TA0011
T1219.002	Remote Desktop Software	TA0011
T1219.003	Remote Access Hardware	TA0011
T1220	XSL Script Processing	TA0005
T1221	Template Injection	TA0005
T1222	File and Directory Permissions Modification	TA0005
T1222.001	Windows File and Directory Permissions Modification	TA0005
T1222.002	Linux and Mac File and Directory Permissions Modification	TA0005
T1223	Compiled HTML File	TA0002,TA0005	revoked
T1480	Execution Guardrails	TA0005
T1480.001	Environmental Keying	TA0005
T1480.002	Mutual Exclusion	TA0005
T1482	Domain Trust Discovery	TA0007
T1483	Domain Generation Algorithms	TA0011	revoked
T1484	Domain or Tenant Policy Modification	TA0004,TA0005
T1484.001	Group Policy Modification	TA0004,TA0005
T1484.002	Trust Modification	TA0004,TA0005
T1485	Data Destruction	TA0040
T1485.001	Lifecycle-Triggered Deletion	TA0040
T1486	Data Encrypted for Impact	TA0040
T1487	Disk Structure Wipe	TA0040	revoked
T1488	Disk Content Wipe	TA0040	revoked
T1489	Service Stop	TA0040
T1490	Inhibit System Recovery	TA0040
T1491	Defacement	TA0040
T1491.001	Internal Defacement	TA0040
T1491.002	External Defacement	TA0040
T1492	Stored Data Manipulation	TA0040	revoked
T1493	Transmitted Data Manipulation	TA0040	revoked
T1494	Runtime Data Manipulation	TA0040	revoked
T1495	Firmware Corruption	TA0040
T1496	Resource Hijacking	TA0040
T1496.001	Compute Hijacking	TA0040
T1496.002	Bandwidth Hijacking	TA0040
T1496.003	SMS Pumping	TA0040
T1496.004	Cloud Service Hijacking	TA0040
T1497	Virtualization/Sandbox Evasion	TA0005,TA0007
T1497.001	System Checks	TA0005,TA0007
T1497.002	User Activity Based Checks	TA0005,TA0007
T1497.003	Time Based Checks	TA0005,TA0007
T1498	Network Denial of Service	TA0040
T1498.001	Direct Network Flood	TA0040
T1498.002	Reflection Amplification	TA0040
T1499	Endpoint Denial of Service	TA0040
T1499.001	OS Exhaustion Flood	TA0040
T1499.002	Service Exhaustion Flood	TA0040
T1499.003	Application Exhaustion Flood	TA0040
T1499.004	Application or System Exploitation	TA0040
T1500	Compile After Delivery	TA0005	revoked
T1501	Systemd Service	TA0003	revoked
T1502	Parent PID Spoofing	TA0004,TA0005	revoked
T1503	Credentials from Web Browsers	TA0006	revoked
T1504	PowerShell Profile	TA0003,TA0004	revoked
T1505	Server Software Component	TA0003
T1505.001	SQL Stored Procedures	TA0003
T1505.002	Transport Agent	TA0003
T1505.003	Web Shell	TA0003
T1505.004	IIS Components	TA0003
T1505.005	Terminal Services DLL	TA0003
T1505.006	vSphere Installation Bundles	TA0003
T1506	Web Session Cookie	TA0005,TA0008	revoked
T1514	Elevated Execution with Prompt	TA0004	revoked
T1518	Software Discovery	TA0007
T1518.001	Security Software Discovery	TA0007
T1518.002	Backup Software Discovery	TA0007
T1519	Emond	TA0003,TA0004	revoked
T1522	Cloud Instance Metadata API	TA0006	revoked
T1525	Implant Internal Image	TA0003
T1526	Cloud Service Discovery	TA0007
T1527	Application Access Token	TA0005,TA0008	revoked
T1528	Steal Application Access Token	TA0006
T1529	System Shutdown/Reboot	TA0040
T1530	Data from Cloud Storage	TA0009
T1531	Account Access Removal	TA0040
T1534	Internal Spearphishing	TA0008
T1535	Unused/Unsupported Cloud Regions	TA0005
T1536	Revert Cloud Instance	TA0005	revoked
T1537	Transfer Data to Cloud Account	TA0010
T1538	Cloud Service Dashboard	TA0007
T1539	Steal Web Session Cookie	TA0006
T1542	Pre-OS Boot	TA0003,TA0005
T1542.001	System Firmware	TA0003,TA0005
T1542.002	Component Firmware	TA0003,TA0005
T1542.003	Bootkit	TA0003,TA0005
T1542.004	ROMMONkit	TA0003,TA0005
T1542.005	TFTP Boot	TA0003,TA0005
T1543	Create or Modify System Process	TA0003,TA0004
T1543.001	Launch Agent	TA0003,TA0004
T1543.002	Systemd Service	TA0003,TA0004
T1543.003	Windows Service	TA0003,TA0004
T1543.004	Launch Daemon	TA0003,TA0004
T1543.005	Container Service	TA0003,TA0004
T1546	Event Triggered Execution	TA0003,TA0004
T1546.001	Change Default File Association	TA0003,TA0004
T1546.002	Screensaver	TA0003,TA0004
T1546.003	Windows Management Instrumentation Event Subscription	TA0003,TA0004
T1546.004	Unix Shell Configuration Modification	TA0003,TA0004
T1546.005	Trap	TA0003,TA0004
T1546.006	LC_LOAD_DYLIB Addition	TA0003,TA0004
T1546.007	Netsh Helper DLL	TA0003,TA0004
T1546.008	Accessibility Features	TA0003,TA0004
T1546.009	AppCert DLLs	TA0003,TA0004
T1546.010	AppInit DLLs	TA0003,TA0004
T1546.011	Application Shimming	TA0003,TA0004
T1546.012	Image File Execution Options Injection	TA0003,TA0004
T1546.013	PowerShell Profile	TA0003,TA0004
T1546.014	Emond	TA0003,TA0004
T1546.015	Component Object Model Hijacking	TA0003,TA0004
T1546.016	Installer Packages	TA0003,TA0004
T1546.017	Udev Rules	TA0003,TA0004
T1546.018	Python Startup Hooks	TA0003,TA0004
T1547	Boot or Logon Autostart Execution	TA0003,TA0004
T1547.001	Registry Run Keys / Startup Folder	TA0003,TA0004
T1547.002	Authentication Package	TA0003,TA0004
T1547.003	Time Providers	TA0003,TA0004
T1547.004	Winlogon Helper DLL	TA0003,TA0004
T1547.005	Security Support Provider	TA0003,TA0004
T1547.006	Kernel Modules and Extensions	TA0003,TA0004
T1547.007	Re-opened Applications	TA0003,TA0004
T1547.008	LSASS Driver	TA0003,TA0004
T1547.009	Shortcut Modification	TA0003,TA0004
T1547.010	Port Monitors	TA0003,TA0004
T1547.011	Plist Modification	TA0003,TA0004	revoked
T1547.012	Print Processors	TA0003,TA0004
T1547.013	XDG Autostart Entries	TA0003,TA0004
T1547.014	Active Setup	TA0003,TA0004
T1547.015	Login Items	TA0003,TA0004
T1548	Abuse Elevation Control Mechanism	TA0004,TA0005
T1548.001	Setuid and Setgid	TA0004,TA0005
T1548.002	Bypass User Account Control	TA0004,TA0005
T1548.003	Sudo and Sudo Caching	TA0004,TA0005
T1548.004	Elevated Execution with Prompt	TA0004,TA0005
T1548.005	Temporary Elevated Cloud Access	TA0004,TA0005
T1548.006	TCC Manipulation	TA0004,TA0005
T1550	Use Alternate Authentication Material	TA0005,TA0008
T1550.001	Application Access Token	TA0005,TA0008
T1550.002	Pass the Hash	TA0005,TA0008
T1550.003	Pass the Ticket	TA0005,TA0008
T1550.004	Web Session Cookie	TA0005,TA0008
T1552	Unsecured Credentials	TA0006
T1552.001	Credentials In Files	TA0006
T1552.002	Credentials in Registry	TA0006
T1552.003	Shell History	TA0006
T1552.004	Private Keys	TA0006
T1552.005	Cloud Instance Metadata API	TA0006
T1552.006	Group Policy Preferences	TA0006
T1552.007	Container API	TA0006
T1552.008	Chat Messages	TA0006
T1553	Subvert Trust Controls	TA0005
T1553.001	Gatekeeper Bypass	TA0005
T1553.002	Code Signing	TA0005
T1553.003	SIP and Trust Provider Hijacking	TA0005
T1553.004	Install Root Certificate	TA0005
T1553.005	Mark-of-the-Web Bypass	TA0005
T1553.006	Code Signing Policy Modification	TA0005
T1554	Compromise Host Software Binary	TA0003
T1555	Credentials from Password Stores	TA0006
T1555.001	Keychain	TA0006
T1555.002	Securityd Memory	TA0006
T1555.003	Credentials from Web Browsers	TA0006
T1555.004	Windows Credential Manager	TA0006
T1555.005	Password Managers	TA0006
T1555.006	Cloud Secrets Management Stores	TA0006
T1556	Modify Authentication Process	TA0003,TA0005,TA0006
T1556.001	Domain Controller Authentication	TA0003,TA0005,TA0006
T1556.002	Password Filter DLL	TA0003,TA0005,TA0006
T1556.003	Pluggable Authentication Modules	TA0003,TA0005,TA0006
T1556.004	Network Device Authentication	TA0003,TA0005,TA0006
T1556.005	Reversible Encryption	TA0003,TA0005,TA0006
T1556.006	Multi-Factor Authentication	TA0003,TA0005,TA0006
T1556.007	Hybrid Identity	TA0003,TA0005,TA0006
T1556.008	Network Provider DLL	TA0003,TA0005,TA0006
T1556.009	Conditional Access Policies	TA0003,TA0005,TA0006
T1557	Adversary-in-the-Middle	TA0006,TA0009
T1557.001	LLMNR/NBT-NS Poisoning and SMB Relay	TA0006,TA0009
T1557.002	ARP Cache Poisoning	TA0006,TA0009
T1557.003	DHCP Spoofing	TA0006,TA0009
T1557.004	Evil Twin	TA0006,TA0009
T1558	Steal or Forge Kerberos Tickets	TA0006
T1558.001	Golden Ticket	TA0006
T1558.002	Silver Ticket	TA0006
T1558.003	Kerberoasting	TA0006
T1558.004	AS-REP Roasting	TA0006
T1558.005	Ccache Files	TA0006
T1559	Inter-Process Communication	TA0002
T1559.001	Component Object Model	TA0002
T1559.002	Dynamic Data Exchange	TA0002
T1559.003	XPC Services	TA0002
T1560	Archive Collected Data	TA0009
T1560.001	Archive via Utility	TA0009
T1560.002	Archive via Library	TA0009
T1560.003	Archive via Custom Method	TA0009
T1561	Disk Wipe	TA0040
T1561.001	Disk Content Wipe	TA0040
T1561.002	Disk Structure Wipe	TA0040
T1562	Impair Defenses	TA0005
T1562.001	Disable or Modify Tools	TA0005
T1562.002	Disable Windows Event Logging	TA0005
T1562.003	Impair Command History Logging	TA0005
T1562.004	Disable or Modify System Firewall	TA0005
T1562.006	Indicator Blocking	TA0005
T1562.007	Disable or Modify Cloud Firewall	TA0005
T1562.008	Disable or Modify Cloud Logs	TA0005
T1562.009	Safe Mode Boot	TA0005
T1562.010	Downgrade Attack	TA0005
T1562.011	Spoof Security Alerting	TA0005
T1562.012	Disable or Modify Linux Audit System	TA0005
T1562.013	Disable or Modify Network Device Firewall	TA0005
T1563	Remote Service Session Hijacking	TA0008
T1563.001	SSH Hijacking	TA0008
T1563.002	RDP Hijacking	TA0008
T1564	Hide Artifacts	TA0005
T1564.001	Hidden Files and Directories	TA0005
T1564.002	Hidden Users	TA0005
T1564.003	Hidden Window	TA0005
T1564.004	NTFS File Attributes	TA0005
T1564.005	Hidden File System	TA0005
T1564.006	Run Virtual Instance	TA0005
T1564.007	VBA Stomping	TA0005
T1564.008	Email Hiding Rules	TA0005
T1564.009	Resource Forking	TA0005
T1564.010	Process Argument Spoofing	TA0005
T1564.011	Ignore Process Interrupts	TA0005
T1564.012	File/Path Exclusions	TA0005
T1564.013	Bind Mounts	TA0005
T1564.014	Extended Attributes	TA0005
T1565	Data Manipulation	TA0040
T1565.001	Stored Data Manipulation	TA0040
T1565.002	Transmitted Data Manipulation	TA0040
T1565.003	Runtime Data Manipulation	TA0040
T1566	Phishing	TA0001
T1566.001	Spearphishing Attachment	TA0001
T1566.002	Spearphishing Link	TA0001
T1566.003	Spearphishing via Service	TA0001
T1566.004	Spearphishing Voice	TA0001
T1567	Exfiltration Over Web Service	TA0010
T1567.001	Exfiltration to Code Repository	TA0010
T1567.002	Exfiltration to Cloud Storage	TA0010
T1567.003	Exfiltration to Text Storage Sites	TA0010
T1567.004	Exfiltration Over Webhook	TA0010
T1568	Dynamic Resolution	TA0011
T1568.001	Fast Flux DNS	TA0011
T1568.002	Domain Generation Algorithms	TA0011
T1568.003	DNS Calculation	TA0011
T1569	System Services	TA0002
T1569.001	Launchctl	TA0002
T1569.002	Service Execution	TA0002
T1569.003	Systemctl	TA0002
T1570	Lateral Tool Transfer	TA0008
T1571	Non-Standard Port	TA0011
T1572	Protocol Tunneling	TA0011
T1573	Encrypted Channel	TA0011
T1573.001	Symmetric Cryptography	TA0011
T1573.002	Asymmetric Cryptography	TA0011
T1574	Hijack Execution Flow	TA0003,TA0004,TA0005
T1574.001	DLL	TA0003,TA0004,TA0005
T1574.002	DLL Side-Loading	TA0003,TA0004,TA0005	revoked
T1574.004	Dylib Hijacking	TA0003,TA0004,TA0005
T1574.005	Executable Installer File Permissions Weakness	TA0003,TA0004,TA0005
T1574.006	Dynamic Linker Hijacking	TA0003,TA0004,TA0005
T1574.007	Path Interception by PATH Environment Variable	TA0003,TA0004,TA0005
T1574.008	Path Interception by Search Order Hijacking	TA0003,TA0004,TA0005
T1574.009	Path Interception by Unquoted Path	TA0003,TA0004,TA0005
T1574.010	Services File Permissions Weakness	TA0003,TA0004,TA0005
T1574.011	Services Registry Permissions Weakness	TA0003,TA0004,TA0005
T1574.012	COR_PROFILER	TA0003,TA0004,TA0005
T1574.013	KernelCallbackTable	TA0003,TA0004,TA0005
T1574.014	AppDomainManager	TA0003,TA0004,TA0005
T1578	Modify Cloud Compute Infrastructure	TA0005
T1578.001	Create Snapshot	TA0005
T1578.002	Create Cloud Instance	TA0005
T1578.003	Delete Cloud Instance	TA0005
T1578.004	Revert Cloud Instance	TA0005
T1578.005	Modify Cloud Compute Configurations	TA0005
T1580	Cloud Infrastructure Discovery	TA0007
T1583	Acquire Infrastructure	TA0042
T1583.001	Domains	TA0042
T1583.002	DNS Server	TA0042
T1583.003	Virtual Private Server	TA0042
T1583.004	Server	TA0042
T1583.005	Botnet	TA0042
T1583.006	Web Services	TA0042
T1583.007	Serverless	TA0042
T1583.008	Malvertising	TA0042
T1584	Compromise Infrastructure	TA0042
T1584.001	Domains	TA0042
T1584.002	DNS Server	TA0042
T1584.003	Virtual Private Server	TA0042
T1584.004	Server	TA0042
T1584.005	Botnet	TA0042
T1584.006	Web Services	TA0042
T1584.007	Serverless	TA0042
T1584.008	Network Devices	TA0042
T1585	Establish Accounts	TA0042
T1585.001	Social Media Accounts	TA0042
T1585.002	Email Accounts	TA0042
T1585.003	Cloud Accounts	TA0042
T1586	Compromise Accounts	TA0042
T1586.001	Social Media Accounts	TA0042
T1586.002	Email Accounts	TA0042
T1586.003	Cloud Accounts	TA0042
T1587	Develop Capabilities	TA0042
T1587.001	Malware	TA0042
T1587.002	Code Signing Certificates	TA0042
T1587.003	Digital Certificates	TA0042
T1587.004	Exploits	TA0042
T1588	Obtain Capabilities	TA0042
T1588.001	Malware	TA0042
T1588.002	Tool	TA0042
T1588.003	Code Signing Certificates	TA0042
T1588.004	Digital Certificates	TA0042
T1588.005	Exploits	TA0042
T1588.006	Vulnerabilities	TA0042
T1588.007	Artificial Intelligence	TA0042
T1589	Gather Victim Identity Information	TA0043
T1589.001	Credentials	TA0043
T1589.002	Email Addresses	TA0043
T1589.003	Employee Names	TA0043
T1590	Gather Victim Network Information	TA0043
T1590.001	Domain Properties	TA0043
T1590.002	DNS	TA0043
T1590.003	Network Trust Dependencies	TA0043
T1590.004	Network Topology	TA0043
T1590.005	IP Addresses	TA0043
T1590.006	Network Security Appliances	TA0043
T1591	Gather Victim Org Information	TA0043
T1591.001	Determine Physical Locations	TA0043
T1591.002	Business Relationships	TA0043
T1591.003	Identify Business Tempo	TA0043
T1591.004	Identify Roles	TA0043
T1592	Gather Victim Host Information	TA0043
T1592.001	Hardware	TA0043
T1592.002	Software	TA0043
T1592.003	Firmware	TA0043
T1592.004	Client Configurations	TA0043
T1593	Search Open Websites/Domains	TA0043
T1593.001	Social Media	TA0043
T1593.002	Search Engines	TA0043
T1593.003	Code Repositories	TA0043
T1594	Search Victim-Owned Websites	TA0043
T1595	Active Scanning	TA0043
T1595.001	Scanning IP Blocks	TA0043
T1595.002	Vulnerability Scanning	TA0043
T1595.003	Wordlist Scanning	TA0043
T1596	Search Open Technical Databases	TA0043
T1596.001	DNS/Passive DNS	TA0043
T1596.002	WHOIS	TA0043
T1596.003	Digital Certificates	TA0043
T1596.004	CDNs	TA0043
T1596.005	Scan Databases	TA0043
T1597	Search Closed Sources	TA0043
T1597.001	Threat Intel Vendors	TA0043
T1597.002	Purchase Technical Data	TA0043
T1598	Phishing for Information	TA0043
T1598.001	Spearphishing Service	TA0043
T1598.002	Spearphishing Attachment	TA0043
T1598.003	Spearphishing Link	TA0043
T1598.004	Spearphishing Voice	TA0043
T1599	Network Boundary Bridging	TA0005
T1599.001	Network Address Translation Traversal	TA0005
T1600	Weaken Encryption	TA0005
T1600.001	Reduce Key Space	TA0005
T1600.002	Disable Crypto Hardware	TA0005
T1601	Modify System Image	TA0005
T1601.001	Patch System Image	TA0005
T1601.002	Downgrade System Image	TA0005
T1602	Data from Configuration Repository	TA0009
T1602.001	SNMP (MIB Dump)	TA0009
T1602.002	Network Device Configuration Dump	TA0009
T1606	Forge Web Credentials	TA0006
T1606.001	Web Cookies	TA0006
T1606.002	SAML Tokens	TA0006
T1608	Stage Capabilities	TA0042
T1608.001	Upload Malware	TA0042
T1608.002	Upload Tool	TA0042
T1608.003	Install Digital Certificate	TA0042
T1608.004	Drive-by Target	TA0042
T1608.005	Link Target	TA0042
T1608.006	SEO Poisoning	TA0042
T1609	Container Administration Command	TA0002
T1610	Deploy Container	TA0002,TA0005
T1611	Escape to Host	TA0004
T1612	Build Image on Host	TA0005
T1613	Container and Resource Discovery	TA0007
T1614	System Location Discovery	TA0007
T1614.001	System Language Discovery	TA0007
T1615	Group Policy Discovery	TA0007
T1619	Cloud Storage Object Discovery	TA0007
T1620	Reflective Code Loading	TA0005
T1621	Multi-Factor Authentication Request Generation	TA0006
T1622	Debugger Evasion	TA0005,TA0007
T1647	Plist File Modification	TA0005
T1648	Serverless Execution	TA0002
T1649	Steal or Forge Authentication Certificates	TA0006
T1650	Acquire Access	TA0042
T1651	Cloud Administration Command	TA0002
T1652	Device Driver Discovery	TA0007
T1653	Power Settings	TA0003
T1654	Log Enumeration	TA0007
T1656	Impersonation	TA0005
T1657	Financial Theft	TA0040
T1659	Content Injection	TA0001,TA0011
T1665	Hide Infrastructure	TA0011
T1666	Modify Cloud Resource Hierarchy	TA0005
T1667	Email Bombing	TA0040
T1668	Exclusive Control	TA0003
T1669	Wi-Fi Networks	TA0001
T1671	Cloud Application Integration	TA0003
T1672	Email Spoofing	TA0005
T1673	Virtual Machine Discovery	TA0007
T1674	Input Injection	TA0002
T1675	ESXi Administration Command	TA0002
T1677	Poisoned Pipeline Execution	TA0002
T1678	Delay Execution	TA0005
T1679	Selective Exclusion	TA0005
T1680	Local Storage Discovery	TA0007
T1681	Search Threat Vendor Data	TA0043
`;
