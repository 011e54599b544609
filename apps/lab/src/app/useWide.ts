import { useEffect, useState } from 'preact/hooks';

/** Pixels from which the compose column stands beside the panels; the style sheets say the same. */
export const WIDE = '(min-width: 861px)';

/** Whether there is room for two columns. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => window.matchMedia(WIDE).matches);
  useEffect(() => {
    const query = window.matchMedia(WIDE);
    const update = () => setWide(query.matches);
    update();
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return wide;
}
