/**
 * Rules in a git repository, as they are named among paths: `git+https://host/team/rules.git#main:folder`.
 *
 *   text ──▶ address, branch, tag or commit, folder ──▶ where its files lie in the data folder
 *
 * Without a branch the repository’s own head is meant; without a folder all of it.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

export interface GitAddress {
  /** As git takes it. */
  readonly url: string;
  /** Without what proves who asks. */
  readonly shown: string;
  readonly ref?: string;
  readonly folder?: string;
}

const SCHEMES = /^git\+(?:https?|ssh|file):\/\//;
/** What git takes as a name and never as an option or a range. */
const REF = /^\w[\w./-]{0,199}$/;

export function isGitAddress(path: string): boolean {
  return path.startsWith('git+');
}

/** The words say what is wrong. */
export function parseGitAddress(text: string): GitAddress | { readonly problem: string } {
  const [address = '', fragment = ''] = split(text, '#');
  if (!SCHEMES.test(address))
    return { problem: 'It begins with git+https://, git+http://, git+ssh:// or git+file://.' };
  const url = address.slice('git+'.length);
  if (!URL.canParse(url)) return { problem: 'This is no address.' };
  const [ref = '', folder = ''] = split(fragment, ':');
  if (ref !== '' && (!REF.test(ref) || ref.includes('..')))
    return { problem: 'This is no name of a branch, tag or commit.' };
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || parts.includes('.git'))
    return { problem: 'The folder has to lie within the repository.' };
  return {
    url,
    shown: withoutSecrets(url),
    ...(ref === '' ? {} : { ref }),
    ...(parts.length === 0 ? {} : { folder: parts.join('/') }),
  };
}

/** The folder of what is kept of the repository; another one for each branch. */
export function gitSourceFolder(dataFolder: string, { url, ref }: GitAddress): string {
  const name = createHash('sha256')
    .update(JSON.stringify([url, ref ?? '']))
    .digest('hex')
    .slice(0, 16);
  return join(dataFolder, 'rule-sources', name);
}

/** Where the rules lie once they were fetched. */
export function gitRulesFolder(dataFolder: string, address: GitAddress): string {
  return join(gitSourceFolder(dataFolder, address), 'files', address.folder ?? '');
}

/** A name stays where it alone cannot prove anything (`git@host`). */
function withoutSecrets(text: string): string {
  const url = new URL(text);
  if (url.password !== '' || url.protocol.startsWith('http')) url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}

function split(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
