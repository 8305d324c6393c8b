/** The text of a file of exceptions that was named on the command line. */
import { readFile, stat } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { LONGEST_EXCEPTIONS_TEXT } from '../detect/exceptions/exception-file.ts';

/** @param file `-` for standard input @throws an Error in words, with a `hint` where there is one */
export async function readExceptionFile(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin);
  try {
    if ((await stat(file)).size <= LONGEST_EXCEPTIONS_TEXT) return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as { code?: string };
    const why = code === 'ENOENT' ? 'There is no such file' : code === 'EISDIR' ? 'It is a folder' : String(code);
    throw new Error(`${file} cannot be read: ${why}.`);
  }
  throw new Error(`${file} cannot be read: it is larger than 16 MiB.`);
}
