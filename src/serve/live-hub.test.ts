import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Status } from './api.ts';
import { type LiveClient, LiveHub, MAX_LIVE_CLIENTS } from './live-hub.ts';

class Client {
  writableLength = 0;
  text = '';
  ended = false;
  destroyed = false;
  private onClose = (): void => {};
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
    this.onClose();
  }
  once(_name: string, listener: () => void): void {
    this.onClose = listener;
  }
  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }
}

describe('LiveHub', () => {
  let hub: LiveHub;
  let asked: number;
  const join = (): Client => {
    const client = new Client();
    hub.add(client as unknown as LiveClient);
    return client;
  };
  beforeEach(() => {
    vi.useFakeTimers();
    asked = 0;
    hub = new LiveHub(() => {
      asked += 1;
      return { version: String(asked) } as Status;
    });
  });
  afterEach(() => {
    hub.close();
    vi.useRealTimers();
  });

  it('greets with the status', () => {
    expect(join().take()).toBe('retry: 2000\n\nevent: status\ndata: {"version":"1"}\n\n');
  });

  it('sends what happens within a quarter of a second as one, the first at once', () => {
    const client = join();
    client.take();
    hub.alertsChanged(['a'], 1);
    vi.advanceTimersByTime(1);
    expect(client.take()).toBe('event: alerts\ndata: {"created":1,"ids":["a"]}\n\n');
    for (let n = 0; n < 10; n += 1) hub.alertsChanged([`b${n}`], 1);
    hub.statusChanged();
    hub.statusChanged();
    vi.advanceTimersByTime(200);
    expect(client.take()).toBe('');
    vi.advanceTimersByTime(60);
    const text = client.take();
    expect(text.match(/^event: .*$/gm)).toEqual(['event: alerts', 'event: status']);
    expect(text).toContain('"created":10');
  });

  it('sends at most four times a second, and bounds the ids', () => {
    const client = join();
    for (let n = 0; n < 2_000; n += 1) {
      hub.alertsChanged(
        Array.from({ length: 10 }, (_, at) => `${n}-${at}`),
        10,
      );
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(500);
    const events = [...client.text.matchAll(/^event: alerts\ndata: (.*)$/gm)].map((match) =>
      JSON.parse(match[1] as string),
    );
    expect(events.length).toBeLessThanOrEqual(9);
    expect(events.reduce((sum, event) => sum + event.created, 0)).toBe(20_000);
    expect(Math.max(...events.map((event) => event.ids.length))).toBe(500);
  });

  it('asks for the status only when somebody listens', () => {
    hub.statusChanged();
    vi.advanceTimersByTime(1_000);
    expect(asked).toBe(0);
  });

  it('keeps quiet connections alive', () => {
    const client = join();
    client.take();
    vi.advanceTimersByTime(30_000);
    expect(client.take()).toBe(': still here\n\n: still here\n\n');
  });

  it('cuts off a client that does not read, and no other', () => {
    const [slow, quick] = [join(), join()];
    slow.writableLength = 300_000;
    hub.alertsChanged(['a'], 1);
    vi.advanceTimersByTime(300);
    expect([slow.destroyed, quick.destroyed]).toEqual([true, false]);
    expect(quick.text).toContain('event: alerts');
  });

  it('has room for a bounded number, and for another when one leaves', () => {
    const clients = Array.from({ length: MAX_LIVE_CLIENTS }, join);
    expect(hub.isFull).toBe(true);
    clients[7]?.destroy();
    expect(hub.isFull).toBe(false);
    hub.close();
    expect(clients.filter((client) => client.ended)).toHaveLength(MAX_LIVE_CLIENTS - 1);
  });
});
