/** Against the argparse that Python's web server itself uses, where the machine has a Python 3. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parsePythonWebServer } from './python-web-server.ts';

/** The parser of Lib/http/server.py, which is made only when the module runs. */
const PARSER = `
import argparse, contextlib, io, json, sys
parser = argparse.ArgumentParser()
parser.add_argument('--cgi', action='store_true')
parser.add_argument('-b', '--bind')
parser.add_argument('-d', '--directory')
parser.add_argument('-p', '--protocol')
parser.add_argument('port', default=8000, type=int, nargs='?')
answers = []
for args in json.load(sys.stdin):
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            read = parser.parse_args(args)
        answers.append([read.bind, read.directory, read.port])
    except SystemExit:
        answers.append(None)
json.dump(answers, sys.stdout)
`;

const WORDS =
  '-b --bind --bin --b --bind=127.0.0.1 --bi=0.0.0.0 -b127.0.0.1 -b=::1 -b= --bind= 127.0.0.1 0.0.0.0 8000 9 -d --directory --d --dir=/x -d/x -d= -db /x --cgi --c --cgi=1 -p HTTP/1.1 --p -pb -- - -1 -h --help --= 8_0 +5 x'
    .split(' ')
    .concat('', '-bx y', 'a b', '-x y');
const CASES = 2_000;

it('gives what argparse gives, or nothing', (context) => {
  const next = xorshift(1);
  const cases = Array.from({ length: CASES }, () =>
    Array.from({ length: next() % 7 }, () => WORDS[next() % WORDS.length] as string),
  );
  const python = spawnSync('python3', ['-c', PARSER], { input: JSON.stringify(cases), encoding: 'utf8' });
  if (python.error !== undefined || python.status !== 0) context.skip('python3: not on the path, or it does not run');
  const answers = JSON.parse(python.stdout) as (readonly [string | null, string | null, number] | null)[];
  let read = 0;
  for (const [index, args] of cases.entries()) {
    const server = parsePythonWebServer(['python3', '-m', 'http.server', ...args]);
    if (server === undefined) continue;
    read += 1;
    const { bind = null, directory = null, port } = server;
    expect([args, [bind, directory, port]]).toEqual([args, answers[index]]);
  }
  expect(read).toBeGreaterThan(CASES / 20);
});

function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
