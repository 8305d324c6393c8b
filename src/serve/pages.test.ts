import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { serve } from './server.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'vedette-pages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const web = join(folder, 'dist');
mkdirSync(join(web, 'assets'), { recursive: true });
writeFileSync(join(web, 'index.html'), '<title>the page</title>');
writeFileSync(join(web, 'mark.svg'), '<svg/>');
writeFileSync(join(web, '.secret'), 'x');
writeFileSync(join(web, 'assets', 'index-abc.js'), 'export {}');
writeFileSync(join(folder, 'outside.txt'), 'outside');

describe('pages', () => {
  const ask = async (url: string, accept = 'text/html', webFolder = web) => {
    const { server, store } = serve({ webFolder });
    const response = await server.app.inject({ url, headers: { host: 'localhost', accept } });
    await server.close();
    store.close();
    return response;
  };

  it.each(['/', '/alerts/abc', '/rules/some.rule?x=1', '/?status=open'])('%s is the application', async (url) => {
    const response = await ask(url);
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain('the page');
    expect(response.headers['cache-control']).toBe('no-cache');
    expect(response.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('lets browsers keep what carries a hash, and nothing else', async () => {
    const asset = await ask('/assets/index-abc.js', '*/*');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(asset.headers['content-type']).toContain('javascript');
    expect((await ask('/mark.svg', '*/*')).headers['cache-control']).toBe('no-cache');
  });

  it.each(['/assets/index-old.js', '/assets/', '/api/nothing', '/missing.png', '/api'])(
    '%s is not there',
    async (url) => {
      const response = await ask(url, '*/*');
      expect(response.statusCode).toBe(404);
      expect(response.json().error.code).toBe('not-found');
    },
  );

  it.each(['/../outside.txt', '/%2e%2e/outside.txt', '/assets/..%2f..%2foutside.txt', '/.secret', '/%00'])(
    '%s gives nothing away',
    async (url) => {
      const response = await ask(url, '*/*');
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.statusCode).toBeLessThan(500);
      expect(response.body).not.toContain('outside"');
    },
  );

  it('says what to run when they are not built', async () => {
    const response = await ask('/', 'text/html', join(folder, 'none'));
    expect(response.statusCode).toBe(503);
    expect(response.headers['content-type']).toContain('text/html');
    expect(response.body).toContain('npm start');
  });
});
