// Preloaded into a sweep by NODE_OPTIONS: its wall clock jumps by up to ten years, backwards and forwards, at every look.
const now = Date.now.bind(Date);
const jumping = () => now() + (Math.random() - 0.5) * 20 * 365 * 86_400_000;
Date.now = jumping;
globalThis.Date = class extends Date {
  constructor(...args) {
    if (args.length === 0) super(jumping());
    else super(...args);
  }
};
