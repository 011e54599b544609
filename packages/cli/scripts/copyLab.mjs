// Part of the build: the built lab becomes part of this package, without the maps that only its developers need.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../apps/lab/dist', import.meta.url));
const published = fileURLToPath(new URL('../lab', import.meta.url));

if (!existsSync(built)) {
  process.stderr.write(`${built} is missing: build the lab first (npx pnpm build does both)\n`);
  process.exit(1);
}
rmSync(published, { recursive: true, force: true });
cpSync(built, published, { recursive: true, filter: (path) => !path.endsWith('.map') });
