import { describe, expect, it } from 'vitest';
import { asStoreErrors } from './store-error.ts';

function failing(fields: object): () => never {
  return () => {
    throw Object.assign(new Error('detail'), fields);
  };
}

describe('asStoreErrors', () => {
  it.each([
    [{ errcode: 13 }, 'store-full'],
    [{ errcode: 10 | (3 << 8) }, 'store-failed'],
    [{ errcode: 8 | (4 << 8) }, 'store-read-only'],
    [{ errcode: 5 }, 'store-busy'],
    [{ errcode: 11 }, 'store-damaged'],
    [{ errcode: 14 }, 'store-cannot-open'],
    [{ code: 'ENOSPC' }, 'store-full'],
    [{ code: 'EROFS' }, 'store-read-only'],
    [{ code: 'EACCES' }, 'store-read-only'],
  ])('%j → %s', (fields, code) => {
    expect(() => asStoreErrors('/data', failing(fields))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('/data'), hint: expect.any(String) }),
    );
  });

  it('leaves bugs as they are', () => {
    expect(() => asStoreErrors('/data', failing({ errcode: 1 }))).toThrow('detail');
    expect(() => asStoreErrors('/data', failing({}))).toThrow('detail');
  });
});
