import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identity } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { createOpenblasBackend } from '../src/index.ts';
import { installationHint, type LoadLibrary, libraryCandidates, openBlas, type Platform } from '../src/library.ts';
import { openBackend } from '../src/openblasBackend.ts';
import type { SharedLibrary } from '../src/symbols.ts';

const linux: Platform = { platform: 'linux', arch: 'x64', env: {} };

/** A library with some functions, by name. */
function library(functions: Readonly<Record<string, (...args: never[]) => unknown>>): SharedLibrary {
  return {
    func: (prototype) => {
      const name = /(\w+)\(/.exec(prototype)?.[1] ?? '';
      if (!Object.hasOwn(functions, name)) throw new Error(`Cannot find function '${name}' in shared library`);
      return functions[name];
    },
  };
}

const routines = [
  ...['dgemm', 'sgemm', 'dgemv', 'sgemv', 'dsyrk', 'dtrsm', 'dtrmm', 'dtrsv', 'dasum'].map((name) => `cblas_${name}`),
  ...['dpotrf_', 'dlauum_', 'dtrtri_', 'dsyevd_', 'dgesdd_', 'dgelqf_', 'dorglq_'],
];
const stubs = Object.fromEntries(routines.map((name) => [name, () => undefined]));

/** ddot of a library whose integers have 32 bits, and of one whose have 64. */
const ddot = (n: Int32Array, x: Float64Array, _: Int32Array, y: Float64Array) => (n[0] > 0 ? x[0] * y[0] : 0);
const longDdot = (n: Int32Array, x: Float64Array, _: Int32Array, y: Float64Array) =>
  new BigInt64Array(n.slice().buffer)[0] > 0 ? x[0] * y[0] : 0;

/** Loads by name; any other is not there. */
const loader =
  (libraries: Readonly<Record<string, SharedLibrary>>): LoadLibrary =>
  (path) => {
    if (libraries[path]) return libraries[path];
    throw new Error(`Failed to load shared library: ${path}: cannot open shared object file`);
  };

const refusal = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
};

describe('a named library that is none', () => {
  const named = (path: string) => createOpenblasBackend({ library: path }).catch((error: unknown) => error as Error);

  it.skipIf(process.platform !== 'linux')('is refused with the words of the system and a remedy', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ggdln-blas-')), 'libtext.so');
    writeFileSync(file, 'This is not a library.\n'.repeat(20));
    const error = await named(file);
    expect(error).toMatchObject({ code: 'GGDLN_BACKEND' });
    expect((error as Error).message).toContain(`${file} can't be loaded`);
    expect((error as Error).message).toMatch(/invalid ELF header.*It is not a shared library\. Install one \(apt-get/);
  });

  it.skipIf(process.platform !== 'linux')('is refused with what it lacks when it is another library', async () => {
    const error = await named('libc.so.6');
    expect(error).toMatchObject({ code: 'GGDLN_BACKEND' });
    expect((error as Error).message).toMatch(
      /libc\.so\.6 is not a BLAS: it lacks cblas_dgemm, cblas_sgemm, cblas_dgemv, cblas_sgemv and 13 more\. Install/,
    );
  });

  it('is refused when it is not there', async () => {
    const error = await named('/nowhere/libopenblas.so');
    expect((error as Error).message).toMatch(/\/nowhere\/libopenblas\.so can't be loaded \(.+\)\. .*GGDLN_BLAS/);
  });

  it('is refused when it is for another processor', () => {
    const load: LoadLibrary = () => {
      throw new Error('Failed to load shared library: wrong ELF class: ELFCLASS32');
    };
    const { message } = refusal(() => openBlas(load, linux, '/lib32/libopenblas.so.0'));
    expect(message).toMatch(
      /wrong ELF class: ELFCLASS32\)\. It was built for another kind of processor or for 32 bits/,
    );
    expect(message).toContain('this Node is linux x64');
  });

  it('is refused when it lacks a part', () => {
    const { dpotrf_: _, ...rest } = stubs;
    const { message } = refusal(() => openBlas(loader({ half: library({ ...rest, ddot_: ddot }) }), linux, 'half'));
    expect(message).toContain('half is not a whole BLAS with LAPACK: it lacks dpotrf_.');
  });

  it('is refused when its integers have 64 bits, by its names or by what it computes', () => {
    const suffixed = library({ dgemm_64_: () => undefined, dpotrf_64_: () => undefined });
    const unsuffixed = library({ ...stubs, ddot_: longDdot });
    for (const [name, long] of Object.entries({ suffixed, unsuffixed })) {
      const error = refusal(() => openBlas(loader({ [name]: long }), linux, name));
      expect(error).toMatchObject({ code: 'GGDLN_BACKEND' });
      expect(error.message).toMatch(/can't be used: its .*\(ILP64\)\. Take the build with 32-bit integers \(LP64\)/);
    }
    const good = library({ ...stubs, ddot_: ddot });
    expect(openBlas(loader({ good }), linux, 'good').path).toBe('good');
  });
});

describe('a library that comes with NumPy or SciPy, its names behind a prefix', () => {
  const prefixed = (functions: Parameters<typeof library>[0]) =>
    library(Object.fromEntries(Object.entries(functions).map(([name, routine]) => [`scipy_${name}`, routine])));

  it('is used, and tells what it is', () => {
    const config = { openblas_get_config: () => 'OpenBLAS 0.3.30', openblas_get_num_threads: () => 2 };
    const scipy = prefixed({ ...stubs, ...config, ddot_: ddot });
    const { description } = openBackend(loader({ scipy }), linux, { library: 'scipy' });
    expect(description).toBe('OpenBLAS 0.3.30, 2 threads, float64 and float32');
  });

  it('is refused by name where its integers have 64 bits', () => {
    const numpy = prefixed({ cblas_dgemm64_: () => undefined, dgemm_64_: () => undefined });
    const { message } = refusal(() => openBlas(loader({ numpy }), linux, 'numpy'));
    expect(message).toMatch(
      /numpy can't be used: its names, such as dgemm_64_, are those of 64-bit integers \(ILP64\)/,
    );
  });
});

describe('the search', () => {
  const good = library({ ...stubs, ddot_: ddot });

  it('takes what GGDLN_BLAS names, and nothing else', () => {
    const load = loader({ mine: good, 'libopenblas.so.0': good });
    const env = { GGDLN_BLAS: 'mine' };
    expect(openBlas(load, { ...linux, env }).path).toBe('mine');
    expect(openBlas(load, { ...linux, env: { GGDLN_BLAS: '' } }).path).toBe('libopenblas.so.0');
    const wrong = { ...linux, env: { GGDLN_BLAS: 'elsewhere' } };
    expect(refusal(() => openBlas(load, wrong)).message).toContain("elsewhere (GGDLN_BLAS) can't be loaded");
  });

  it('takes the first of the usual names that is there and fits', () => {
    const load = loader({ 'libopenblas.so.0': library({}), 'libflexiblas.so.3': good });
    expect(openBlas(load, linux).path).toBe('libflexiblas.so.3');
  });

  it('says what was tried, what did not fit, and how to get one, for each platform', () => {
    for (const platform of ['linux', 'darwin', 'win32']) {
      const candidates = libraryCandidates({ ...linux, platform });
      const load = loader({ [candidates[1]]: library({}) });
      const { message } = refusal(() => openBlas(load, { ...linux, platform }));
      expect(message).toContain(`No BLAS library found (tried ${candidates.join(', ')})`);
      expect(message).toContain(`; ${candidates[1]} is not a BLAS: it lacks cblas_dgemm`);
      expect(message).toContain(installationHint(platform));
    }
  });

  it('tells of a library that is there and is for another processor', () => {
    const load: LoadLibrary = (path) => {
      throw new Error(path === 'libopenblas.so.3' ? 'wrong ELF class: ELFCLASS32' : 'No such file or directory');
    };
    const { message } = refusal(() => openBlas(load, linux));
    expect(message).toMatch(
      /libflexiblas\.so\.3\); libopenblas\.so\.3 can't be loaded \(wrong ELF class: ELFCLASS32\)\. /,
    );
  });

  it('looks into the conda environment first', () => {
    for (const platform of ['linux', 'win32']) {
      expect(libraryCandidates({ platform, env: { CONDA_PREFIX: '/conda' } })[0]).toMatch(/^\/conda[/\\]/);
    }
    expect(libraryCandidates({ platform: 'darwin', env: { CONDA_PREFIX: '/conda' } }).at(-1)).toMatch(/^\/conda/);
  });
});

describe('threads', () => {
  const set: number[] = [];
  const functions = {
    ...stubs,
    ddot_: ddot,
    openblas_get_config: () => 'OpenBLAS 0.3.99 DYNAMIC_ARCH Zen MAX_THREADS=64',
    openblas_get_corename: () => 'Zen',
    openblas_get_num_threads: () => set.at(-1) ?? 8,
    openblas_set_num_threads: (count: number) => set.push(count),
  };
  const load = loader({ openblas: library(functions), plain: library({ ...stubs, ddot_: ddot }) });
  const open = (libraryName: string, threads?: number, env: Platform['env'] = {}) =>
    openBackend(load, { ...linux, env }, { library: libraryName, ...(threads === undefined ? {} : { threads }) });

  it('are those of the library, of the environment or as asked, and told in the description', () => {
    expect(open('openblas').description).toBe('OpenBLAS 0.3.99 (Zen), 8 threads, float64 and float32');
    expect(open('openblas', undefined, { GGDLN_BLAS_THREADS: '3' }).description).toContain('3 threads');
    expect(open('openblas', 1, { GGDLN_BLAS_THREADS: '3' }).description).toContain('1 thread,');
    expect(set).toEqual([3, 1]);
  });

  it('are one while eigenvectors of a small matrix are computed, and as before afterwards, whatever happened', () => {
    const during: (number | undefined)[] = [];
    const dsyevd = () => {
      during.push(set.at(-1));
      if (during.length === 3) throw new Error('a fault of the library');
    };
    const counted = library({ ...functions, dsyevd_: dsyevd });
    const backend = openBackend(() => counted, linux, { library: 'openblas', threads: 2 });
    backend.symmetricEigen(identity(50));
    backend.symmetricEigen(identity(129));
    expect(() => backend.symmetricEigen(identity(50))).toThrow('a fault of the library');
    expect(during).toEqual([1, 2, 1]);
    expect(backend.description).toContain('2 threads');
  });

  it('are left to a library that can not be told, and refused to who asks', () => {
    const env = { GGDLN_BLAS_THREADS: '3' };
    expect(open('plain', undefined, env).description).toBe(
      'BLAS plain, threads chosen by the library, float64 and float32',
    );
    expect(refusal(() => open('plain', 2)).message).toMatch(
      /plain can't be told to use 2 threads: it lacks openblas_set_num_threads\. Set its own variable/,
    );
  });

  it('are a whole number ≥ 1', () => {
    for (const threads of [0, 1.5, Number.NaN]) {
      expect(refusal(() => open('openblas', threads)).message).toContain(`threads is ${threads}. It must be a whole`);
    }
    const env = { GGDLN_BLAS_THREADS: 'many' };
    expect(refusal(() => open('openblas', undefined, env)).message).toContain('GGDLN_BLAS_THREADS is "many"');
  });
});

describe('what LAPACK says', () => {
  /** The backend over routines of which one says something. */
  const over = (name: string, routine: (...args: never[]) => unknown) =>
    openBackend(() => library({ ...stubs, ddot_: ddot, [name]: routine }), linux, { library: 'fake' });
  const info = (args: readonly unknown[], value: number) => {
    const cells = args.filter((argument) => argument instanceof Int32Array);
    (cells.at(-1) as Int32Array)[0] = value;
  };

  it('names the pivot where it stopped, also where it went on over NaN', () => {
    const stopped = over('dpotrf_', (...args) => info(args, 2));
    expect(() => stopped.cholesky(identity(3))).toThrow(/the 3 × 3 matrix is not positive definite: pivot 1 is 1\.000/);
    const wentOn = over('dpotrf_', (_: never, __: never, a: Float64Array) => a.fill(Number.NaN));
    expect(() => wentOn.cholesky(identity(3))).toThrow(/pivot 0 is NaN, its diagonal entry 1\.000/);
  });

  it('says that an iteration did not end', () => {
    const eigen = over('dsyevd_', (...args) => info(args, 2));
    expect(() => eigen.symmetricEigen(identity(3))).toThrow(/eigenvalue 1 of the 3 × 3 matrix did not converge/);
    const svd = over('dgesdd_', (...args) => info(args, 1));
    expect(() => svd.svd(identity(3))).toThrow(/svd\] the 3 × 3 matrix did not converge/);
  });

  it('refuses a matrix for which its integers can not count the memory', () => {
    const hungry = over('dgesdd_', (...args) => {
      (args[10] as unknown as Float64Array)[0] = 3e9;
    });
    expect(() => hungry.svd(identity(3))).toThrow(/A is 3 × 3, for which LAPACK needs 3000000000 numbers/);
  });
});
