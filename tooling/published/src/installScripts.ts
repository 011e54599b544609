import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What npm and pnpm run on the machine of whoever installs a package from a registry. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The folders of the public packages of a checkout. */
export function publicPackages(root: string): string[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')) && !manifestOf(folder).private);
}

/** Scripts of a package that installing it would run; a `binding.gyp` makes npm compile without any script. */
export function installScripts(folder: string): string[] {
  const own = Object.keys(manifestOf(folder).scripts ?? {}).filter((name) => INSTALL_SCRIPTS.includes(name));
  return existsSync(join(folder, 'binding.gyp')) ? [...own, 'binding.gyp'] : own;
}

/** Every package that is installed with the given ones, by name: their dependencies, and so on. */
export function installedWith(folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (folder: string) => {
    const { name, dependencies, optionalDependencies, peerDependencies } = manifestOf(folder);
    if (found.get(name) === folder) return;
    found.set(name, folder);
    for (const wanted of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = locate(folder, wanted);
      if (place) visit(place);
    }
  };
  for (const folder of folders) visit(realpathSync(folder));
  return found;
}

function locate(folder: string, name: string): string | undefined {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
  }
  return undefined;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
