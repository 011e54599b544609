import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** What the place of the cache depends on. */
export interface CacheSurroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
}

/**
 * Where fetched data is kept: `GGDLN_DATA_DIR` if set, else the user's cache folder (`XDG_CACHE_HOME/ggdln`;
 * `~/.cache/ggdln`, on macOS `~/Library/Caches/ggdln`, on Windows `%LOCALAPPDATA%\ggdln\Cache`). Each dataset has a
 * folder of its name in it.
 */
export function defaultCacheDir(surroundings: CacheSurroundings = {}): string {
  const { env = process.env, platform = process.platform, home = homedir() } = surroundings;
  if (env.GGDLN_DATA_DIR) return resolve(env.GGDLN_DATA_DIR);
  // The XDG specification says that a relative path is to be ignored.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'ggdln');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'ggdln');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'ggdln', 'Cache');
  return join(home, '.cache', 'ggdln');
}
