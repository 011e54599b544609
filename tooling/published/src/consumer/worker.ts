import { portableNumbers } from './portableChecks.ts';

self.postMessage(await portableNumbers());
