/**
 * Taking a port, of the loopback interface unless another address was asked for. A port that was asked for is taken or refused in words; without one, the
 * first free port from the default on is taken, so that a second service can run beside the first.
 */
import type { FastifyInstance } from 'fastify';

export const DEFAULT_PORT = 7077;
const PORTS_TRIED = 20;
export const DEFAULT_ADDRESS = '127.0.0.1';

/** The address could not be listened on; the message is for people. */
export class ListenError extends Error {
  readonly code = 'serve-port';
  readonly hint: string;

  constructor(message: string, hint: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.hint = hint;
  }
}

/**
 * @param port 0 takes any free one; without one, the default or one of those after it.
 * @param host the address of an interface, or a name of it.
 * @returns the address to open in a browser.
 * @throws {ListenError} when the port is in use or may not be taken.
 */
export async function listen(app: FastifyInstance, port?: number, host = DEFAULT_ADDRESS): Promise<string> {
  const first = port ?? DEFAULT_PORT;
  const last = port === undefined ? DEFAULT_PORT + PORTS_TRIED - 1 : port;
  for (let at = first; ; at += 1) {
    try {
      return await app.listen({ port: at, host });
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && at < last) continue;
      throw refusal(error, host, at, port === undefined);
    }
  }
}

function refusal(error: unknown, host: string, port: number, isDefault: boolean): unknown {
  if (codeOf(error) === 'EADDRINUSE') {
    const which = isDefault ? `The ports ${DEFAULT_PORT} to ${port} of ${host} are` : `Port ${port} of ${host} is`;
    const hint = 'Choose another one with --port, or stop the program that listens there.';
    return new ListenError(`${which} in use by another program.`, hint, error);
  }
  if (codeOf(error) === 'EACCES') {
    const hint = 'Choose one above 1023 with --port.';
    return new ListenError(`This user may not listen on port ${port}.`, hint, error);
  }
  if (codeOf(error) === 'EADDRNOTAVAIL' || codeOf(error) === 'ENOTFOUND' || codeOf(error) === 'EAI_AGAIN') {
    const hint = 'Choose the address of one of its interfaces with --address; 0.0.0.0 is all of them.';
    return new ListenError(`This machine has no address ${host}.`, hint, error);
  }
  return error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
