/**
 * Who may send events, where a token is configured: shippers show it in the ways that Elasticsearch knows.
 *
 *   Authorization: Bearer TOKEN        Authorization: ApiKey TOKEN, or base64 of `id:TOKEN`, as Beats send `api_key`
 *   Authorization: Basic base64 of `anybody:TOKEN`
 */
import { createHash, timingSafeEqual } from 'node:crypto';

const MOST_HEADER = 4_096;

/** Whether the header shows the token; takes as long whatever it shows. */
export function showsToken(header: string | undefined, token: string): boolean {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)\s*$/.exec((header ?? '').slice(0, MOST_HEADER)) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return isSame(value, token);
    case 'apikey':
      return isSame(value, token) || isSame(secondHalf(value), token);
    case 'basic':
      return isSame(secondHalf(value), token);
    default:
      return false;
  }
}

function secondHalf(base64: string): string {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

function isSame(shown: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(token));
}
