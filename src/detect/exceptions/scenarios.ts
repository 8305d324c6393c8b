/**
 * The harmless reasons for a Python web server that hunting pages tell of, as exceptions to choose. None is on until
 * somebody chooses it and fills in what only he knows.
 *
 * Where a page filters by substrings (`path=/var/www`, `port=8000`), these ask the parsed command line
 * (`parsed-fields.ts`): a path in a log file's name is no directory, and a port says nothing of who can connect.
 */
import type { ExceptionEntry } from '../exception.ts';
import type { ExceptionDraft, ExceptionScenario } from './draft.ts';

/** The bundled rules about Python's web server. */
const PYTHON_WEB_SERVER_RULES: readonly string[] = [
  '99c2b626-de44-4322-b1f9-157ca408c17e',
  '6d2f0c1b-7c3e-4b52-9d6e-5f1a8e0b94c7',
  '6c1f3f0e-2b7d-4f0a-9a64-0f6a4c6f1d52',
  '3f0f5957-04f8-4792-ad89-192b0303bde6',
];

const IS_WEB_SERVER: ExceptionEntry = { field: 'python.web_server.module', operator: 'exists' };

export const EXCEPTION_SCENARIOS: readonly ExceptionScenario[] = [
  {
    id: 'python-web-server-loopback',
    title: 'Development server that only its own machine can reach',
    description:
      'Developers serve a folder to their own browser. Bound to 127.0.0.0/8, localhost or ::1, nobody else can fetch anything from it. Python 2’s SimpleHTTPServer cannot be bound and always counts as reachable; so does a server whose address stands elsewhere than in its arguments.',
    draft: draftOf(
      'python-web-server-loopback',
      'Python web server bound to loopback',
      'A server that only its own host can reach serves nobody else.',
      [{ field: 'python.web_server.reach', operator: 'is', value: 'loopback' }],
    ),
    needs: [],
  },
  {
    id: 'python-web-server-job',
    title: 'Scheduled job or service that serves a known folder',
    description:
      'A cron job or a systemd unit serves documentation or build artefacts. The same parent and the same folder every time; an intruder’s server runs from a shell, or serves another folder.',
    draft: draftOf(
      'python-web-server-job',
      'Python web server of a job that serves <folder>',
      'The job serves this folder on purpose.',
      [
        IS_WEB_SERVER,
        { field: 'python.web_server.directory', operator: 'is', value: '<folder>' },
        { field: 'process.parent.name', operator: 'is_one_of', values: ['cron', 'crond', 'anacron', 'atd', 'systemd'] },
      ],
    ),
    needs: [
      { at: 'name', what: 'the job, so that others recognise it' },
      { at: 'condition.entries.1.value', what: 'the folder that is served: --directory, or where the job runs' },
      { at: 'condition.entries.2.values', what: 'what starts it: the scheduler, or the service’s own parent process' },
    ],
  },
  {
    id: 'python-web-server-admin',
    title: 'Administrator who tests whether a port can be reached',
    description:
      'Starting a server for a minute and fetching a page shows whether a firewall lets it through. It is one of a few people, under their own account; a port narrows it further, and must not stand alone.',
    draft: draftOf(
      'python-web-server-admin',
      'Connectivity tests by <user>',
      'This administrator tests connectivity with Python’s web server.',
      [IS_WEB_SERVER, { field: 'user.name', operator: 'is', value: '<user>' }],
    ),
    needs: [
      { at: 'name', what: 'who it is' },
      {
        at: 'condition.entries.1.value',
        what: 'the account that the tests run under; not root, which is everyone who became root',
      },
    ],
  },
  {
    id: 'python-web-server-api-test',
    title: 'Script that tests an API inside the house',
    description:
      'A test script starts Python’s web server as a stand-in, or is one itself. The script is a file at a known place, which only its owners may change.',
    draft: draftOf(
      'python-web-server-api-test',
      'API tests of <script path>',
      'The test script starts a web server as a stand-in for the API.',
      [{ field: 'script.path', operator: 'matches', value: '<script path>' }],
    ),
    needs: [
      { at: 'name', what: 'the tests, so that others recognise them' },
      { at: 'condition.entries.0.value', what: 'the script’s whole path, or its folder and *: /opt/api-testing/*' },
    ],
  },
];

function draftOf(scenario: string, name: string, reason: string, entries: readonly ExceptionEntry[]): ExceptionDraft {
  return {
    name,
    rules: PYTHON_WEB_SERVER_RULES,
    condition: { kind: 'entries', entries },
    reason,
    enabled: false,
    scenario,
  };
}
