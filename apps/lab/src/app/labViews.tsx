import { Compose } from '../compose/Compose.tsx';
import { PanelsView } from './PanelsView.tsx';
import type { Views } from './views.ts';

/** The parts of the page as they are built. */
export const labViews: Views = {
  Compose: ({ lab }) => <Compose store={lab.store} session={lab.session} registry={lab.registry} />,
  Panels: PanelsView,
  OwnData: () => null,
};
