// A real Slurm of one node for tests: Debian's packages, munge and the daemons on loopback, files in one temporary folder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A cluster of this machine. */
export interface SlurmCluster {
  /** Folder for everything of a test; removed with the cluster. */
  readonly folder: string;
  /** Runs a command of Slurm and gives what it prints. */
  command(name: string, ...args: string[]): string;
  /** Ends the daemons and their jobs, and removes all files. */
  stop(): Promise<void>;
}

const CPUS = 2;

/** Why there can't be a cluster here; nothing where there can. Installs Debian's packages where that is allowed. */
export function whyNoSlurm(): string | undefined {
  const missing = () =>
    ['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/sbin/munged', '/usr/bin/sbatch'].filter(
      (file) => !existsSync(file),
    );
  if (process.platform !== 'linux') return 'Slurm is tested on Linux only';
  if (process.getuid?.() !== 0) return 'only root can start the daemons of Slurm';
  if (missing().length === 0) return undefined;
  if (!existsSync('/usr/bin/apt-get'))
    return `${missing().join(', ')} are missing, and there is no apt-get to install them`;
  try {
    const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'munge', 'slurm-wlm'], options);
  } catch (error) {
    return `apt-get could not install munge and slurm-wlm: ${(error as Error).message}`;
  }
  return missing().length === 0 ? undefined : `${missing().join(', ')} are missing after the installation`;
}

/** Starts a cluster; ready in a few seconds. It is the one that SLURM_CONF of this process names until it is stopped. */
export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'ggdln-slurm-'));
  const conf = join(folder, 'slurm.conf');
  writeFileSync(conf, await configuration(folder), { mode: 0o644 });
  writeFileSync(join(folder, 'munge.key'), Buffer.alloc(1024, 'only for tests on loopback'), { mode: 0o400 });
  const env = { ...process.env, SLURM_CONF: conf };
  const socket = join(folder, 'munge.socket');
  const files = ['key', 'log', 'pid', 'seed'].map((kind) => `--${kind}-file=${join(folder, `munge.${kind}`)}`);
  const daemons = [start('/usr/sbin/munged', ['--foreground', '--force', `--socket=${socket}`, ...files], env)];
  await until('munged', () => existsSync(socket));
  daemons.push(start('/usr/sbin/slurmctld', ['-D', '-f', conf], env));
  daemons.push(start('/usr/sbin/slurmd', ['-D', '-f', conf, '-N', hostname()], env));
  const command = (name: string, ...args: string[]) =>
    execFileSync(name, args, { env, encoding: 'utf8', stdio: 'pipe' });
  const before = process.env.SLURM_CONF;
  const stop = async () => {
    if (before === undefined) delete process.env.SLURM_CONF;
    else process.env.SLURM_CONF = before;
    for (const daemon of daemons.reverse()) await daemon.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    await until('slurmd', () => /\bidle\b/.test(command('sinfo', '--noheader', '--format=%T')));
  } catch (error) {
    await stop();
    throw error;
  }
  process.env.SLURM_CONF = conf;
  return {
    folder,
    command,
    async stop() {
      // Jobs first: nobody else ends what they run.
      command('scancel', '--quiet', '--signal=KILL', '--state=RUNNING', '--user=root');
      command('scancel', '--quiet', '--user=root');
      await until('the end of all jobs', () => command('squeue', '--noheader').trim() === '');
      await stop();
    },
  };
}

function start(path: string, args: readonly string[], env: NodeJS.ProcessEnv): { end(): Promise<void> } {
  const child: ChildProcess = spawn(path, args, { env, stdio: ['ignore', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    async end() {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(killer);
    },
  };
}

async function configuration(folder: string): Promise<string> {
  const [control, node] = [await freePort(), await freePort()];
  const host = hostname();
  return `
ClusterName=ggdlntest
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${control}
SlurmdPort=${node}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${join(folder, 'munge.socket')}
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0
KillWait=5
MinJobAge=60
SlurmctldPidFile=${join(folder, 'slurmctld.pid')}
SlurmdPidFile=${join(folder, 'slurmd.pid')}
StateSaveLocation=${join(folder, 'state')}
SlurmdSpoolDir=${join(folder, 'spool')}
SlurmctldLogFile=${join(folder, 'slurmctld.log')}
SlurmdLogFile=${join(folder, 'slurmd.log')}
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${CPUS} RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=${host} MaxTime=INFINITE State=UP PriorityTier=10
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      if (holds()) return;
    } catch {
      // not yet
    }
    if (performance.now() > deadline) throw new Error(`${what} did not come in 30 s`);
    await sleep(100);
  }
}
