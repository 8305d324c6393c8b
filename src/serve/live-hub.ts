/**
 * Live updates to many pages, as server-sent events.
 *
 *   alertsChanged, statusChanged ──gather for up to 250 ms──▶ one `alerts` and one `status` event ──▶ every client
 *
 * Invariants: at most four sendings a second however much happens; a bounded number of clients; a client that does not
 * read is cut off (the page connects again and asks anew), so nothing piles up here. The status is asked for when it is
 * sent, and only when somebody listens.
 */
import type { ServerResponse } from 'node:http';
import type { LiveAlerts, Status } from './api.ts';

export const MAX_LIVE_CLIENTS = 50;
const GATHER_MS = 250;
/** Keeps proxies and tunnels from closing a connection that is merely quiet. */
const HEARTBEAT_MS = 15_000;
/** What may wait unsent for one client, in bytes: a few hundred events. */
const MAX_WAITING = 256 * 1024;
const MAX_IDS = 500;
/** After how long a browser that lost the connection tries again. */
const RETRY_MS = 2_000;

/** Where events are written: the part of an HTTP response that is needed. */
export type LiveClient = Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'writableLength' | 'once'>;

export class LiveHub {
  private readonly status: () => Status;
  private readonly clients = new Set<LiveClient>();
  private created = 0;
  private ids: string[] = [];
  private alertsPending = false;
  private statusPending = false;
  private lastSent = Number.NEGATIVE_INFINITY;
  private gathering: NodeJS.Timeout | undefined;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(status: () => Status) {
    this.status = status;
  }

  get size(): number {
    return this.clients.size;
  }

  get isFull(): boolean {
    return this.clients.size >= MAX_LIVE_CLIENTS;
  }

  /** The client gets the status at once, then whatever happens, until it closes. */
  add(client: LiveClient): void {
    this.clients.add(client);
    client.once('close', () => this.forget(client));
    this.heartbeat ??= setInterval(() => this.send(': still here\n\n'), HEARTBEAT_MS).unref();
    client.write(`retry: ${RETRY_MS}\n\n${eventText('status', this.status())}`);
  }

  /** @param created of the alerts, how many are new. */
  alertsChanged(ids: readonly string[], created: number): void {
    this.created += created;
    this.ids.push(...ids.slice(0, MAX_IDS - this.ids.length));
    this.alertsPending = true;
    this.gather();
  }

  statusChanged(): void {
    this.statusPending = true;
    this.gather();
  }

  /** Ends every connection; the browsers will try again, and find the service when it is back. */
  close(): void {
    clearTimeout(this.gathering);
    clearInterval(this.heartbeat);
    for (const client of this.clients) client.end();
    this.clients.clear();
  }

  private gather(): void {
    const wait = this.lastSent + GATHER_MS - performance.now();
    this.gathering ??= setTimeout(() => this.sendGathered(), Math.max(0, wait)).unref();
  }

  private sendGathered(): void {
    this.gathering = undefined;
    this.lastSent = performance.now();
    const alerts: LiveAlerts = { created: this.created, ids: this.ids };
    const text =
      (this.alertsPending ? eventText('alerts', alerts) : '') +
      (this.statusPending && this.clients.size > 0 ? eventText('status', this.status()) : '');
    this.created = 0;
    this.ids = [];
    this.alertsPending = false;
    this.statusPending = false;
    this.send(text);
  }

  private send(text: string): void {
    for (const client of this.clients) {
      if (client.writableLength > MAX_WAITING) {
        this.forget(client);
        client.destroy();
      } else {
        client.write(text);
      }
    }
  }

  private forget(client: LiveClient): void {
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    clearInterval(this.heartbeat);
    this.heartbeat = undefined;
  }
}

// JSON has no line breaks outside its strings' escapes, so one `data` line holds it.
function eventText(event: 'alerts' | 'status', data: LiveAlerts | Status): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
