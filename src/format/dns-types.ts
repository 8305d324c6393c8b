/**
 * Names of DNS resource record types by number (IANA, "Resource Record (RR) TYPEs").
 */
const NAMES: ReadonlyMap<string, string> = new Map(
  `1 A 2 NS 3 MD 4 MF 5 CNAME 6 SOA 7 MB 8 MG 9 MR 10 NULL 11 WKS 12 PTR 13 HINFO 14 MINFO 15 MX 16 TXT 17 RP 18 AFSDB
  19 X25 20 ISDN 21 RT 24 SIG 25 KEY 26 PX 27 GPOS 28 AAAA 29 LOC 30 NXT 33 SRV 35 NAPTR 36 KX 37 CERT 38 A6 39 DNAME
  40 SINK 41 OPT 42 APL 43 DS 44 SSHFP 45 IPSECKEY 46 RRSIG 47 NSEC 48 DNSKEY 49 DHCID 50 NSEC3 51 NSEC3PARAM 52 TLSA
  53 SMIMEA 55 HIP 59 CDS 60 CDNSKEY 61 OPENPGPKEY 62 CSYNC 63 ZONEMD 64 SVCB 65 HTTPS 99 SPF 100 UINFO 101 UID
  102 GID 103 UNSPEC 108 EUI48 109 EUI64 249 TKEY 250 TSIG 251 IXFR 252 AXFR 253 MAILB 254 MAILA 255 ANY 256 URI
  257 CAA 32768 TA 32769 DLV 65281 WINS 65282 WINSR`
    .split(/\s+/)
    .reduce<[string, string][]>((pairs, word, at, words) => {
      if (at % 2 === 1) pairs.push([words[at - 1] as string, word]);
      return pairs;
    }, []),
);

/** `A` for 1; `undefined` for a number without a name. */
export function dnsTypeName(number: string | undefined): string | undefined {
  return NAMES.get(number ?? '');
}

export function dnsTypeNames(): Iterable<string> {
  return NAMES.values();
}
