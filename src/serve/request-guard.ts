/**
 * What keeps other web sites, open in the same browser, away from a service that asks for no password.
 *
 * A page of another site can send requests to 127.0.0.1, and by rebinding its own name to that address it could read
 * the answers too. So the Host header must be a loopback name or one that was configured (its own name betrays a rebound
 * one; a check of health tells nothing, so whoever checks may call it what he likes), and a changing
 * request must come as JSON (a value list's lines as bytes), which no form can send, and from this origin where the browser names one. No CORS headers
 * are ever sent. Programs of the same machine are let in: keeping them out takes accounts.
 */
import { ApiFailure, typeRefused } from './api-error.ts';

export interface GuardedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

// With any port: through an SSH tunnel the browser's port is another one.
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;
const HEALTH = /^\/(?:health|ready)$/;
const NO_NAMES: ReadonlySet<string> = new Set();
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * @param names that the service also has, in lower case.
 * @throws {ApiFailure} when the request is not let in.
 */
export function guardRequest({ method, url, headers }: GuardedRequest, names: ReadonlySet<string> = NO_NAMES): void {
  if (READING.has(method) && HEALTH.test(url)) return;
  const host = headers.host;
  if (typeof host !== 'string' || !(LOOPBACK_HOST.test(host) || names.has(nameIn(host)))) {
    const message = `The Host header ${JSON.stringify(host ?? '')} is not a name that this service goes by.`;
    const hint = 'Open the address that was shown at the start, use localhost, or add the name with --host-name.';
    throw new ApiFailure('host-refused', message, hint);
  }
  if (READING.has(method)) return;
  const origin = headers.origin;
  const site = headers['sec-fetch-site'];
  if ((origin !== undefined && !isOriginOf(host, origin)) || (site !== undefined && !OWN_SITES.has(String(site)))) {
    throw new ApiFailure('origin-refused', 'Another web site may not change anything here.');
  }
  if (isDoor(url)) return;
  const type = headers['content-type'];
  if (typeof type === 'string' && (JSON_TYPE.test(type) || (LIST_ITEMS.test(url) && isLines(type, site)))) return;
  throw typeRefused();
}

/** Where shippers send events, as whatever type they call them: browsers name the page's origin with all of these. */
function isDoor(url: string): boolean {
  return DOOR.test(url);
}

const DOOR = /^\/(?:api\/ingest|(?:[^/?]+\/){0,2}_bulk|_[^?]*)(?:\?|$)/;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
const LIST_ITEMS = /^\/api\/lists\/[^/?]+\/items(?:\?|$)/;

/** A form can send text/plain, so it is taken only where the browser says that the page is ours. */
function isLines(type: string, site: unknown): boolean {
  if (/^application\/octet-stream\s*(?:;|$)/i.test(type)) return true;
  return /^text\/plain\s*(?:;|$)/i.test(type) && site === 'same-origin';
}

const OWN_SITES = new Set(['same-origin', 'none']);

/** A Host header without its port. */
function nameIn(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function isOriginOf(host: string, origin: string | string[]): boolean {
  return typeof origin === 'string' && [`http://${host}`, `https://${host}`].includes(origin.toLowerCase());
}

/** Sent with every answer. Styles are inline because the pages' component library sets them so; scripts never are. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'content-security-policy': [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});
