/**
 * Where deliveries come in, on the thread that reads: finds the source that each belongs to, and makes it at its first
 * one.
 *
 *   delivery ──kind, name──▶ DeliveredSource ──▶ live loop
 *
 * Bounded: names beyond the most that are told apart share one source.
 */
import type { FormatSettings } from '../format/format.ts';
import { DeliveredSource } from './delivered-source.ts';
import type { Delivered, Delivery } from './delivery.ts';
import type { LiveInput } from './live-loop.ts';
import { TokenBucket } from './token-bucket.ts';

const MOST_SOURCES = 200;
const OTHERS = 'others';

export interface DoorOptions {
  readonly settings: FormatSettings;
  readonly add: (input: LiveInput) => void;
  /** How old an event of the past may be to be stored, in milliseconds. */
  readonly keepMs: number;
  readonly stored: (identities: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Lines or items a second that each source may send; absent for any number. */
  readonly rate?: number;
}

export class Door {
  private readonly options: DoorOptions;
  private readonly sources = new Map<string, DeliveredSource>();
  private isClosed = false;

  constructor(options: DoorOptions) {
    this.options = options;
  }

  /** Answered when what it brings is durable with its alerts, or when it is known that it will not be. */
  take(delivery: Delivery): Promise<Delivered> {
    const kind = delivery.form === 'bulk' ? 'bulk' : 'http';
    return this.sourceOf(kind, delivery).take(delivery);
  }

  /** After the loop has ended: who still waits is told to try again. */
  close(): void {
    this.isClosed = true;
    for (const source of this.sources.values()) source.close();
  }

  private sourceOf(kind: 'http' | 'bulk', { source, isHistory }: Delivery): DeliveredSource {
    const named = (name: string) => `${isHistory ? 'history' : kind}:${name}`;
    const found = this.sources.get(named(source));
    if (found !== undefined) return found;
    const name = this.sources.size < MOST_SOURCES ? named(source) : named(OTHERS);
    return this.sources.get(name) ?? this.open(name, kind, isHistory);
  }

  private open(name: string, kind: 'http' | 'bulk', isHistory: boolean): DeliveredSource {
    const { settings, stored, keepMs, rate } = this.options;
    const bucket = new TokenBucket(rate ?? Number.POSITIVE_INFINITY, settings.now());
    const source = new DeliveredSource({ name, kind, isHistory, settings, stored, keepMs, bucket });
    this.sources.set(name, source);
    if (this.isClosed) source.close();
    else this.options.add(source);
    return source;
  }
}
