// Takes a folder again and again and says when it has it: what lockContention.package.test.ts starts several of.
import { appendFileSync } from 'node:fs';
import { openFolderStore } from '@ggdln/experiments/node';

const [folder, log, times] = process.argv.slice(2);
for (let time = 0; time < Number(times); time++) {
  const store = await openFolderStore(folder, { wait: true });
  appendFileSync(log, `enter ${process.pid}\n`);
  await new Promise((resolve) => setTimeout(resolve, 5));
  appendFileSync(log, `leave ${process.pid}\n`);
  await store.close();
}
