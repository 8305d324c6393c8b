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

/** Codes that were read before: devices send few. Forgotten beyond so many: somebody may invent some. */
const KNOWN = new Map<string, CiscoCode | undefined>();
const MOST_KNOWN = 4_096;
const PERCENT = 0x25;

export function readCiscoCode(program: string | undefined): CiscoCode | undefined {
  if (program === undefined || program.charCodeAt(0) !== PERCENT) return undefined;
  const known = KNOWN.get(program);
  if (known !== undefined || KNOWN.has(program)) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const code = parseCode(program);
  KNOWN.set(program, code);
  return code;
}

function parseCode(program: string): CiscoCode | undefined {
  const match = CODE.exec(program);
  if (match === null) return undefined;
  const [, facility = '', severity, mnemonic = ''] = match;
  const product = facility === 'ASA' || facility === 'PIX' ? 'asa' : facility === 'FTD' ? 'ftd' : 'ios';
  return { facility, severity: Number(severity), mnemonic, product };
}
