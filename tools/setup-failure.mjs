/** What went wrong while setting up, in words that say what to do; the program's own output stays below. */
export class SetupError extends Error {}

const OUTPUT_LINES = 20;

const CAUSES = [
  [/ENOSPC|no space left/i, 'The disk is full. Set-up needs about 700 MB in the clone and some in npm’s cache.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network (request|connectivity)/i,
    'npm’s registry cannot be reached. Connect to a network, or name a mirror (npm config set registry URL).',
  ],
  [/\bE40[13]\b/, 'npm’s registry refuses: sign in (npm login), or check the registry in your npm configuration.'],
  [/EACCES|EPERM|EROFS/, 'A file cannot be written. The clone and npm’s cache must belong to the user who sets up.'],
  [/: spawn .*ENOENT/, 'npm was not found. It comes with Node: install Node 24 (https://nodejs.org).'],
  [/EINTEGRITY/, 'A downloaded package is damaged. Run npm cache clean --force and try again.'],
];

export function explainFailure(title, output) {
  const cause = CAUSES.find(([pattern]) => pattern.test(output))?.[1] ?? `${title} failed.`;
  const lines = output.trimEnd().split('\n').slice(-OUTPUT_LINES);
  return [cause, '', ...lines.map((line) => `  ${line}`)].join('\n');
}
