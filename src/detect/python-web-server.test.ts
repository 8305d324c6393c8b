import { describe, expect, it } from 'vitest';
import { isPython, parsePythonWebServer } from './python-web-server.ts';

const parse = (command: string) => parsePythonWebServer(command.split(' '));

describe('Python’s web server', () => {
  it.each([
    ['python3 -m http.server', { port: 8000 }],
    ['python3 -m http.server 9090', { port: 9090 }],
    ['python3 -mhttp.server 8097 --bind 127.0.0.1', { port: 8097, bind: '127.0.0.1' }],
    ['python3 -um http.server -b ::1 -d /srv', { port: 8000, bind: '::1', directory: '/srv' }],
    ['python3 -m http.server --cgi --bind=0.0.0.0', { port: 8000, bind: '0.0.0.0' }],
    ['python3 -m http.server -b10.0.0.5', { port: 8000, bind: '10.0.0.5' }],
    ['python3 -m http.server 8000 -b 127.0.0.1', { port: 8000, bind: '127.0.0.1' }],
    ['python3 -m http.server -b 127.0.0.1 8000', { port: 8000, bind: '127.0.0.1' }],
    ['python3 -m http.server -b 127.0.0.1 -b 0.0.0.0', { port: 8000, bind: '0.0.0.0' }],
    ['python3 -m http.server --bin=127.0.0.1 --b 10.0.0.1', { port: 8000, bind: '10.0.0.1' }],
    ['python3 -m http.server -b=127.0.0.1', { port: 8000, bind: '127.0.0.1' }],
    ['python3 -m http.server 8_0', { port: 80 }],
    ['py -3 -m http.server -b ::1', { port: 8000, bind: '::1' }],
    ['C:\\Windows\\py.exe -3.12-64 -m http.server', { port: 8000 }],
  ])('%s', (command, expected) => {
    expect(parse(command)).toEqual({ module: 'http.server', sureWhenJoined: true, ...expected });
  });

  it('of Python 2 is never bound to one address', () => {
    const expected = { module: 'SimpleHTTPServer', port: 8098, sureWhenJoined: true };
    expect(parse('python2 -m SimpleHTTPServer 8098 --bind 127.0.0.1')).toEqual(expected);
  });

  it.each([
    'python3 -c import http.server',
    'python3 script.py -m http.server',
    'python3',
    'python3 -m',
    'python3 -m pip install x',
    'python3 -cm http.server',
    'python3 -V -m http.server',
    'python3 -3.12 -m http.server',
    // argparse refuses these, so nothing is served.
    'python3 -m http.server 80 90',
    'python3 -m http.server http',
    'python3 -m http.server 70000',
    'python3 -m http.server --bind',
    'python3 -m http.server --t x',
    'python3 -m http.server --cgi=1',
    'python3 -m http.server -x',
    'python3 -m http.server -h',
    'python3 -m http.server -b -d /x',
    'python2 -m SimpleHTTPServer -b 127.0.0.1',
    // Would need a closer look.
    'python3 -m http.server -b 127.0.0.1 -- 80',
    'python3 -m http.server -d -1',
  ])('is not %s', (command) => expect(parse(command)).toBeUndefined());

  it.each([
    ['python3 -m http.server -b 127.0.0.1 -d /srv', true],
    ['python3 -m http.server -d /srv -b 127.0.0.1', false],
    ['python3 -m http.server -p HTTP/1.1 -b 127.0.0.1', false],
    ['python3 -W ignore -m http.server -b 127.0.0.1', false],
  ])('says of %s whether an argument with blanks could make it another: %s', (command, sure) =>
    expect(parse(command)?.sureWhenJoined).toBe(sure),
  );
});

describe('a Python interpreter', () => {
  it.each(['python', 'python3', 'python3.12', 'pythonw.exe', 'pypy3', 'py.exe', 'PYTHON.EXE'])('is %s', (name) =>
    expect(isPython(name)).toBe(true),
  );
  it.each(['python-config', 'bash', 'pyright', 'mypython3', ''])('is not %s', (name) =>
    expect(isPython(name)).toBe(false),
  );
});
