import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_LIVE_CLIENTS } from './live-hub.ts';
import { type Served, serve } from './server.fixture.ts';

describe('listening', () => {
  let served: Served;
  beforeEach(() => {
    served = serve();
  });
  afterEach(async () => {
    await served.server.close();
    served.store.close();
  });

  it('serves the loopback interface', async () => {
    const address = await served.server.listen(0);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${address}/healthz`)).json()).toEqual({ status: 'ok', version: '9.9.9' });
  });

  it('refuses a port in use, in words', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refusal = { code: 'serve-port', message: `Port ${port} of 127.0.0.1 is in use by another program.` };
    await expect(served.server.listen(port)).rejects.toMatchObject({
      ...refusal,
      hint: expect.stringContaining('--port'),
    });
    other.close();
    await once(other, 'close');
    expect(await served.server.listen(port)).toBe(`http://127.0.0.1:${port}`);
  });

  it('takes the next free port when none was asked for', async () => {
    const second = serve();
    const [a, b] = [await served.server.listen(), await second.server.listen()];
    expect(a).not.toBe(b);
    expect(Number(new URL(b).port)).toBeGreaterThan(Number(new URL(a).port));
    await second.server.close();
    second.store.close();
  });

  it('streams what happens, to a bounded number of pages, until it closes', async () => {
    const address = await served.server.listen(0);
    const stop = new AbortController();
    const responses = await Promise.all(
      Array.from({ length: MAX_LIVE_CLIENTS }, () => fetch(`${address}/api/live`, { signal: stop.signal })),
    );
    const [first] = responses;
    expect(first?.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(first?.headers.get('cache-control')).toBe('no-store');
    expect(first?.headers.get('content-security-policy')).toContain("default-src 'self'");
    const refused = await fetch(`${address}/api/live`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'live-full' } });

    const reading = readUntil(first as Response, '"ids":["a"]');
    served.server.alertsCreated(['a']);
    expect(await reading).toMatch(/event: status\ndata: .*\n\nevent: alerts\ndata: \{"created":1,"ids":\["a"\]\}/);
    served.put('b');
    const seen = readUntil(responses[1] as Response, '"ids":["b"]');
    await fetch(`${address}/api/alerts/b/status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"status":"acknowledged"}',
    });
    expect(await seen).toContain('{"created":0,"ids":["b"]}');
    const closing = served.server.close();
    await readUntil(responses[2] as Response, undefined);
    await closing;
    stop.abort();
  });
});

/** Reads a stream up to a text, or to its end. */
async function readUntil(response: Response, text: string | undefined): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let seen = '';
  while (text === undefined || !seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    seen += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  return seen;
}
