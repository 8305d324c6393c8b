/**
 * The fields of an event that Sentinel's entities stand for: entity type and identifier, as rules map columns to them.
 *
 * Source: Microsoft's reference of entity types. Identifiers that have no field in ECS have none here; their columns
 * stand in the alert's rows all the same.
 */

/** By `Type.Identifier` in lower case; of several fields each gets the value. */
export const ENTITY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'account.name': ['user.name'],
  'account.fullname': ['user.name'],
  'account.displayname': ['user.full_name'],
  'account.ntdomain': ['user.domain'],
  'account.dnsdomain': ['user.domain'],
  'account.upnsuffix': ['user.domain'],
  'account.sid': ['user.id'],
  'account.aaduserid': ['user.id'],
  'account.objectguid': ['user.id'],
  'account.puid': ['user.id'],
  'azureresource.resourceid': ['cloud.instance.id'],
  'cloudapplication.name': ['cloud.service.name'],
  'dns.domainname': ['dns.question.name'],
  'dnsresolution.domainname': ['dns.question.name'],
  'file.name': ['file.name'],
  'file.directory': ['file.directory'],
  'host.hostname': ['host.name'],
  'host.fullname': ['host.name'],
  'host.netbiosname': ['host.name'],
  'host.dnsdomain': ['host.domain'],
  'host.ntdomain': ['host.domain'],
  'host.azureid': ['host.id'],
  'host.omsagentid': ['host.id'],
  'host.osfamily': ['host.os.type'],
  'host.osversion': ['host.os.version'],
  'ip.address': ['source.ip'],
  'mailbox.mailboxprimaryaddress': ['email.to.address'],
  'mailbox.upn': ['user.email'],
  'mailmessage.recipient': ['email.to.address'],
  'mailmessage.sender': ['email.from.address'],
  'mailmessage.subject': ['email.subject'],
  'mailmessage.networkmessageid': ['email.message_id'],
  'malware.name': ['threat.software.name'],
  'process.processid': ['process.pid'],
  'process.commandline': ['process.command_line'],
  'process.creationtimeutc': ['process.start'],
  'registrykey.hive': ['registry.hive'],
  'registrykey.key': ['registry.key'],
  'registryvalue.name': ['registry.value'],
  'registryvalue.value': ['registry.data.strings'],
  'securitygroup.distinguishedname': ['group.name'],
  'securitygroup.sid': ['group.id'],
  'url.url': ['url.full'],
};

/** Hash algorithms of Sentinel's `FileHash`, as ECS calls them. */
export const HASH_FIELDS: Readonly<Record<string, string>> = {
  md5: 'file.hash.md5',
  sha1: 'file.hash.sha1',
  sha256: 'file.hash.sha256',
  sha512: 'file.hash.sha512',
};
