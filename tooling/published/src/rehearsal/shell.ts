import { spawn } from 'node:child_process';

export interface ShellOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end. @returns Its standard output. @throws Error with the end of what it said. */
export function shell(command: string, args: readonly string[], { cwd, env = {} }: ShellOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let said = '';
    child.stdout.on('data', (text) => {
      stdout += text;
      said = (said + text).slice(-6000);
    });
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-6000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`\`${[command, ...args].join(' ')}\` ended with ${code}:\n${said}`));
    });
  });
}
