/**
 * Who reaches a server that is bound to an address: the text as the server was given it.
 *
 * `loopback` only for what every resolver reads as 127.0.0.0/8, as ::1 or as the name localhost. Short and whole-number
 * forms (`127.1`, `2130706433`) are read by getaddrinfo everywhere; hexadecimal and octal ones are not read alike
 * everywhere, and addresses with a zone, in brackets or mapped into IPv6 (`::ffff:127.0.0.1`) are nothing that people
 * write: none of these counts as loopback, so that what looks unusual stays visible. Any other name is an `address`,
 * wherever it resolves to.
 * `everyone` for every spelling of the unspecified address, so that "not everyone" cannot be had by an odd one.
 */
import ipaddr from 'ipaddr.js';

export type Reach = 'loopback' | 'address' | 'everyone';

export function reachOf(address: string | undefined): Reach {
  if (address === undefined || address === '') return 'everyone';
  // Resolvers map full-width digits and dots before they read an address.
  const plain = address.normalize('NFKC').replaceAll(/[。｡]/g, '.').replace(/%.*$/s, '');
  if (isUnspecified(plain)) return 'everyone';
  return isLoopback(address) ? 'loopback' : 'address';
}

function isLoopback(address: string): boolean {
  if (address.toLowerCase() === 'localhost') return true;
  if (ipaddr.IPv6.isValid(address)) {
    return !/[%.]/.test(address) && ipaddr.IPv6.parse(address).toNormalizedString() === '0:0:0:0:0:0:0:1';
  }
  if (!/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){0,3}$/.test(address)) return false;
  const number = wholeAddress(address);
  return number !== undefined && number >>> 24 === 127;
}

function isUnspecified(address: string): boolean {
  if (address.includes(':')) {
    if (!ipaddr.IPv6.isValid(address)) return address === '[::]';
    const { parts } = ipaddr.IPv6.parse(address);
    // `::`, and 0.0.0.0 mapped into IPv6.
    return parts.every((part, index) => part === 0 || (index === 5 && part === 0xffff));
  }
  return wholeAddress(address) === 0;
}

/** As inet_aton reads it: one to four parts, the last of which fills what is left; decimal, octal or hexadecimal. */
function wholeAddress(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length > 4) return undefined;
  let whole = 0;
  for (const [index, part] of parts.entries()) {
    if (!/^(?:0x[0-9a-f]*|\d+)$/i.test(part) || part.length > 40) return undefined;
    const value = /^0x/i.test(part) ? Number.parseInt(part.slice(2) || '0', 16) : Number.parseInt(part, baseOf(part));
    const bytes = index === parts.length - 1 ? 4 - index : 1;
    if (!(value < 256 ** bytes)) return undefined;
    whole = whole * 256 ** bytes + value;
  }
  return whole;
}

function baseOf(digits: string): 8 | 10 {
  return digits.length > 1 && digits.startsWith('0') ? 8 : 10;
}
