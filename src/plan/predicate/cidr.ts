/**
 * Addresses in networks. An IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 address it is.
 */
import ipaddr from 'ipaddr.js';

/** Whether the text is a network in CIDR form: what front ends check before they put it into a plan. */
export function isCidr(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}

/** A network in CIDR form; an address alone is the network of itself. `undefined` for what is none. */
export function networkOf(text: string): string | undefined {
  const network = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  // The library also reads `10.1` as an address (10.0.0.1), which nobody means by it.
  return (text.includes(':') || FOUR_PARTS.test(network)) && isCidr(network) ? network : undefined;
}

const FOUR_PARTS = /^\d{1,3}(\.\d{1,3}){3}\//;

/**
 * Whether a text is an address in the network.
 * @throws {Error} where `network` is none: that is a bug of the caller.
 */
export function compileCidr(network: string): (text: string) => boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  return (text) => {
    // The library also takes `10` for an address (0.0.0.10), which no log means by it.
    if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return false;
    const address = ipaddr.process(text);
    return address.kind() === base.kind() && address.match(base, bits);
  };
}
