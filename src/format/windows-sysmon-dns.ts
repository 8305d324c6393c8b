/**
 * What Sysmon says of a DNS query (id 22): `type:  5 name.example;::ffff:192.0.2.7;` and a Windows error number.
 */
import type { JsonObject } from '../event/json.ts';
import { dnsTypeName, dnsTypeNames } from './dns-types.ts';
import { asIp } from './json-fields.ts';

export interface DnsAnswers {
  readonly answers?: readonly JsonObject[];
  readonly ips?: readonly string[];
  /** Names in the answers. */
  readonly hosts?: readonly string[];
}

/** Answers with a type stand first, then the addresses, as Elastic's integration has them. */
export function dnsAnswers(results: string | undefined): DnsAnswers {
  if (results === undefined) return {};
  const named: JsonObject[] = [];
  const hosts: string[] = [];
  const ips: string[] = [];
  for (const part of results.split(';', MAX_ANSWERS)) {
    const answer = part.trim();
    const [, number, data] = /^type:\s*(\d{1,5})(?:\s+(\S.*))?$/.exec(answer) ?? [];
    const ip = asIp(answer);
    if (number !== undefined) {
      named.push({ type: dnsTypeName(number) ?? number, ...(data === undefined ? {} : { data }) });
      if (data !== undefined) hosts.push(data);
    } else if (ip !== undefined) {
      ips.push(ip);
    } else if (answer !== '') {
      named.push({ data: answer });
    }
  }
  const answers = [...named, ...ips.map((data) => ({ type: data.includes(':') ? 'AAAA' : 'A', data }))];
  return {
    ...(answers.length === 0 ? {} : { answers }),
    ...(ips.length === 0 ? {} : { ips }),
    ...(hosts.length === 0 ? {} : { hosts }),
  };
}

/** More than an answer of 64 KiB holds; the rest is in `winlog.event_data.QueryResults`. */
const MAX_ANSWERS = 4096;

/** The name of the error number where it is known, else the number. */
export function dnsStatus(status: string | undefined): string | undefined {
  return status === undefined ? undefined : (STATUSES.get(status) ?? status);
}

/** Names of types and errors. */
export function dnsWords(): string {
  return [...dnsTypeNames(), ...STATUSES.values()].join(' ');
}

/** Windows’ system error codes that a query ends in (winerror.h). */
const STATUSES: ReadonlyMap<string, string> = table(`
  0 SUCCESS, 5 ERROR_ACCESS_DENIED, 8 ERROR_NOT_ENOUGH_MEMORY, 13 ERROR_INVALID_DATA, 14 ERROR_OUTOFMEMORY,
  123 ERROR_INVALID_NAME, 1214 ERROR_INVALID_NETNAME, 1223 ERROR_CANCELLED, 1460 ERROR_TIMEOUT,
  9001 DNS_ERROR_RCODE_FORMAT_ERROR, 9002 DNS_ERROR_RCODE_SERVER_FAILURE, 9003 DNS_ERROR_RCODE_NAME_ERROR,
  9004 DNS_ERROR_RCODE_NOT_IMPLEMENTED, 9005 DNS_ERROR_RCODE_REFUSED, 9016 DNS_ERROR_RCODE_BADSIG,
  9017 DNS_ERROR_RCODE_BADKEY, 9018 DNS_ERROR_RCODE_BADTIME, 9501 DNS_INFO_NO_RECORDS, 9502 DNS_ERROR_BAD_PACKET,
  9503 DNS_ERROR_NO_PACKET, 9504 DNS_ERROR_RCODE, 9505 DNS_ERROR_UNSECURE_PACKET, 9506 DNS_REQUEST_PENDING,
  9560 DNS_ERROR_INVALID_NAME_CHAR, 9701 DNS_ERROR_RECORD_DOES_NOT_EXIST, 9714 DNS_ERROR_NAME_DOES_NOT_EXIST,
  9852 DNS_ERROR_NO_DNS_SERVERS, 10054 WSAECONNRESET, 10055 WSAENOBUFS, 10060 WSAETIMEDOUT
`);

function table(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((entry) => {
      const [number = '', name = ''] = entry.trim().split(' ');
      return [number, name];
    }),
  );
}
