/**
 * The code in front of what a Cisco device says: `%ASA-6-302013`, `%SYS-5-CONFIG_I`, `%LINK-SP-3-UPDOWN`.
 *
 *   %FACILITY-[SUBFACILITY-]SEVERITY-MNEMONIC        (Cisco, "System Message Format")
 */
export interface CiscoCode {
  readonly facility: string;
  readonly severity: number;
  /** A number of the firewalls, a word of everything else. */
  readonly mnemonic: string;
  /** As Elastic's integrations are named; IOS and its like where it is no firewall. */
  readonly product: 'asa' | 'ftd' | 'ios';
}

const CODE = /^%([A-Z][A-Z0-9_]{0,31}(?:-[A-Z0-9_]{1,31}){0,2}?)-([0-7])-([A-Z0-9_]{1,64})$/;

export function readCiscoCode(program: string | undefined): CiscoCode | undefined {
  const match = program?.startsWith('%') === true ? CODE.exec(program) : null;
  if (match === null) return undefined;
  const [, facility = '', severity, mnemonic = ''] = match;
  const product = facility === 'ASA' || facility === 'PIX' ? 'asa' : facility === 'FTD' ? 'ftd' : 'ios';
  return { facility, severity: Number(severity), mnemonic, product };
}
