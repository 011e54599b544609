import { fileURLToPath } from 'node:url';
import { inputError } from '@ggdln/core';
import type { Command, Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { type Arguments, flagValue } from '../flags.ts';
import { type SiteServer, serveSite } from '../lab/serveSite.ts';
import { listSite } from '../lab/siteFiles.ts';

const DEFAULT_PORT = 4610;
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** The lab as it is published with this package. */
const SITE = fileURLToPath(new URL('../../lab', import.meta.url));

/** `ggdln lab`: the lab in a browser, served to this machine alone. */
export const labCommand: Command = {
  name: 'lab',
  usage: 'lab [--port N]',
  summary: 'Open the lab: theory and training side by side in a browser',
  description:
    'Serves the lab on this machine until Ctrl-C. Everything is computed in the browser; nothing is sent anywhere.\n' +
    'The pages are isolated, so that they may use threads.',
  flags: () => [
    { name: 'port', value: 'N', help: 'Port; a free one if it is taken', default: String(DEFAULT_PORT) },
    { name: 'host', value: 'ADDRESS', help: 'Loopback address: 127.0.0.1, localhost or ::1', default: '127.0.0.1' },
  ],
  run: async (args, session) => {
    const wanted = { port: portOf(args), host: hostOf(args) };
    const server = await serveSite(await listSite(SITE), wanted);
    if (wanted.port !== 0 && server.port !== wanted.port && !session.terminal.quiet)
      session.terminal.err(`Port ${wanted.port} is taken; using ${server.port}.\n`);
    session.terminal.out(
      session.json ? `${JSON.stringify({ address: server.address })}\n` : `The lab is at ${server.address}\n`,
    );
    if (!session.json && !session.terminal.quiet) session.terminal.err('Ctrl-C ends it.\n');
    return untilCancelled(server, session);
  },
};

/** Ctrl-C is how it is meant to end. */
async function untilCancelled(server: SiteServer, { signal }: Session): Promise<number> {
  if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
  await server.close();
  return EXIT_CODES.ok;
}

function portOf(args: Arguments): number {
  const text = flagValue(args, 'port') ?? String(DEFAULT_PORT);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw inputError('ggdln lab', `--port is ${text}`, 'Give a number from 0 (any free port) to 65535');
}

function hostOf(args: Arguments): string {
  const host = flagValue(args, 'host') ?? LOOPBACK[0];
  if (!LOOPBACK.includes(host))
    throw inputError('ggdln lab', `--host is ${host}`, 'The lab is served to this machine alone: 127.0.0.1 or ::1');
  return host === 'localhost' ? LOOPBACK[0] : host;
}
