import { describe, expect, it, vi } from 'vitest';
import { createPacer, isGgdlnError, throwIfCancelled } from '../src/index.ts';

describe('throwIfCancelled', () => {
  it('does nothing without a signal and before it fires', () => {
    throwIfCancelled(undefined, 'x');
    throwIfCancelled(new AbortController().signal, 'x');
  });

  it('throws GGDLN_CANCELLED with the reason once it has fired', () => {
    const controller = new AbortController();
    controller.abort('Ctrl-C');
    const cancelled = expect.objectContaining({ code: 'GGDLN_CANCELLED', where: 'sampling', cause: 'Ctrl-C' });
    expect(() => throwIfCancelled(controller.signal, 'sampling')).toThrow(cancelled);
    expect(() => throwIfCancelled(controller.signal, 'sampling')).toThrow(/\[sampling\] cancelled by the caller/);
  });
});

describe('createPacer', () => {
  /** Runs with a clock that only moves when told. */
  async function withClock(run: (advance: (ms: number) => void) => Promise<void>): Promise<void> {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      await run((ms) => vi.advanceTimersByTime(ms));
    } finally {
      vi.useRealTimers();
    }
  }

  it('is free until its time has passed, then gives the event loop a turn', () =>
    withClock(async (advance) => {
      const pace = createPacer(50);
      expect(pace()).toBeUndefined();
      advance(49);
      expect(pace()).toBeUndefined();
      advance(1);
      let turned = false;
      setTimeout(() => {
        turned = true;
      }, 0);
      const pause = pace();
      expect(pause).toBeInstanceOf(Promise);
      await pause;
      expect(turned).toBe(true);
    }));

  it('counts anew after each pause, and each pacer for itself', () =>
    withClock(async (advance) => {
      const [one, other] = [createPacer(10), createPacer(10)];
      advance(10);
      await one();
      expect(one()).toBeUndefined();
      expect(other()).toBeInstanceOf(Promise);
      advance(10);
      expect(one()).toBeInstanceOf(Promise);
    }));

  it('lets a loop be cancelled by a timer', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 0);
    const pace = createPacer(0);
    const loop = async () => {
      for (;;) {
        throwIfCancelled(controller.signal, 'loop');
        await pace();
      }
    };
    await expect(loop()).rejects.toSatisfy(isGgdlnError);
  });
});
