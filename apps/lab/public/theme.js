// Runs before anything is drawn, so that a page in the dark never flashes white. The page itself takes over later.
(() => {
  let theme = 'system';
  try {
    theme = JSON.parse(localStorage.getItem('ggdln-lab') ?? '{}').theme ?? theme;
  } catch {
    // refused, or written by something else: the system's theme
  }
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
