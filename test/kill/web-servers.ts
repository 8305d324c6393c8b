/** Executions of a Python web server for `_bulk`, on hosts of their own, so that each alerts; sent again they are the same. */
export function serversOn(name: string, events: number): string {
  const time = new Date(Date.now() - 60_000).toISOString();
  return Array.from({ length: events }, (_, number) => {
    const id = `${name}-${number}`;
    const document = {
      '@timestamp': time,
      event: { category: ['process'], type: ['start'], kind: 'event', module: 'endpoint' },
      host: { name: id, os: { type: 'linux' } },
      process: {
        name: 'python3',
        executable: '/usr/bin/python3',
        args: ['python3', '-m', 'http.server'],
        command_line: 'python3 -m http.server',
      },
    };
    const names = { _index: 'logs-endpoint.events.process-default', _id: id };
    return `${JSON.stringify({ create: names })}\n${JSON.stringify(document)}\n`;
  }).join('');
}
