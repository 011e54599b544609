// `node --import …/noNetwork.mjs program.js`: every way to the network throws, and is written to GGDLN_NETWORK_LOG.
// Loopback and sockets of the file system count too; pipes between a program and its workers do not.
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workerThreads from 'node:worker_threads';

const log = process.env.GGDLN_NETWORK_LOG;

function forbid(what) {
  return (...args) => {
    appendFileSync(log, `${what} ${JSON.stringify(args.filter((arg) => typeof arg !== 'function'))}\n`);
    throw new Error(`the network was used: ${what}`);
  };
}

// http, https, http2, tls and undici all end here.
net.Socket.prototype.connect = forbid('net.Socket.connect');
net.Server.prototype.listen = forbid('net.Server.listen');
dgram.Socket.prototype.bind = forbid('dgram.Socket.bind');
dgram.Socket.prototype.send = forbid('dgram.Socket.send');
dgram.Socket.prototype.connect = forbid('dgram.Socket.connect');
for (const owner of [dns, dns.promises]) {
  for (const name of Object.keys(owner).filter((key) => /^(lookup|resolve|reverse)/.test(key))) {
    owner[name] = forbid(`dns.${name}`);
  }
}
for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) {
  if (name in globalThis) globalThis[name] = forbid(name);
}

// Another program could do what this one may not; workers of Node's own inherit this file.
for (const name of ['spawn', 'spawnSync', 'execFile', 'execFileSync']) {
  const original = childProcess[name];
  childProcess[name] = (command, ...rest) =>
    command === process.execPath ? original(command, ...rest) : forbid(`child_process.${name}`)(command, ...rest);
}
// Threads get built-in modules of their own, which this file would not have changed.
workerThreads.Worker = class {
  constructor(...args) {
    forbid('worker_threads.Worker')(...args);
  }
};
childProcess.exec = forbid('child_process.exec');
childProcess.execSync = forbid('child_process.execSync');
syncBuiltinESMExports();
