import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of a system Chromium, installing Debian's package where that is possible; `undefined` with a printed reason else. */
export function findChromium(): string | undefined {
  const found = () => [process.env.GGDLN_CHROMIUM ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));
  if (!found() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('  installing chromium for the browser tests\n');
    try {
      execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore' });
    } catch (error) {
      process.stderr.write(`  chromium could not be installed: ${(error as Error).message}\n`);
    }
  }
  const path = found();
  if (!path) process.stderr.write('  SKIPPED browser tests: no Chromium found (set GGDLN_CHROMIUM to its path)\n');
  return path;
}

/** Flags that give a machine without a graphics processor WebGL 2 and WebGPU in software (SwiftShader). */
export const SOFTWARE_GPU: readonly string[] = [
  '--ignore-gpu-blocklist',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/**
 * Starts a headless Chromium that makes no connections of its own.
 * @param graphics Flags that say what draws; by default nothing does.
 */
export function launchChromium(
  executablePath: string,
  graphics: readonly string[] = ['--disable-gpu'],
): Promise<Browser> {
  const quiet = [
    '--no-sandbox',
    ...graphics,
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, headless: true, args: quiet });
}
