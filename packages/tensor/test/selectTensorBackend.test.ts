import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ensureTensorBackend, selectTensorBackend, type TensorBackendName } from '../src/index.ts';
import { tensorWasmPaths } from '../src/node/index.ts';

describe('selectTensorBackend', () => {
  it('does nothing on import', () => {
    expect(tf.engine().backendName).toBeUndefined();
    expect(tf.getGradient(tf.Multiply)).toBeUndefined();
  });

  it('starts wasm by itself in Node and says so', async () => {
    const backend = await ensureTensorBackend();
    expect(backend.name).toBe('wasm');
    expect(backend.fallback).toBeUndefined();
    expect(backend.description).toMatch(/^tfjs-wasm \d/);
    expect(tf.getBackend()).toBe('wasm');
  });

  it("leaves none of Emscripten's listeners on the process", () => {
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      const sources = process.rawListeners(event).map(String);
      expect(sources.filter((source) => /ExitStatus|^function \(reason\) \{ throw reason/.test(source))).toEqual([]);
    }
  });

  it('starts cpu when asked, and keeps what the program chose', async () => {
    expect((await selectTensorBackend('cpu')).name).toBe('cpu');
    expect((await ensureTensorBackend()).name).toBe('cpu');
    expect((await selectTensorBackend()).name).toBe('wasm');
  });

  it('names the nearest backend for an unknown one', async () => {
    await expect(selectTensorBackend('wasn' as TensorBackendName)).rejects.toThrow(/wasn.*wasm/);
  });
});

describe('tensorWasmPaths', () => {
  it('finds the installed binaries', () => {
    expect(tensorWasmPaths()).toMatch(/tfjs-backend-wasm[\\/]dist[\\/]$/);
  });

  it('says what to install where they are not', () => {
    const root = mkdtempSync(join(tmpdir(), 'ggdln-tensor-'));
    const installed = join(root, 'node_modules', '@tensorflow', 'tfjs-backend-wasm');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'index.js'), '');
    const program = join(root, 'program.js');
    expect(() => tensorWasmPaths(program)).toThrow(/can't be found from .*program\.js.*npm install @tensorflow/);
    rmSync(root, { recursive: true });
  });
});
