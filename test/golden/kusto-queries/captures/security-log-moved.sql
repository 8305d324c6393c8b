SELECT t AS "TimeGenerated", host AS "DvcHostname", exe AS "ActingProcessName",
       regexp_replace(regexp_replace(f(d, 'registry.path'), '\\[^\\]*$', ''), '^HKLM\\', 'HKEY_LOCAL_MACHINE\') AS "RegistryKey",
       f(d, 'registry.value') AS "RegistryValue", f(d, 'registry.data.strings[0]') AS "RegistryValueData"
FROM sysmon
WHERE id = 13 AND lower(f(x, 'TargetObject')) LIKE '%\services\eventlog\security\file'
