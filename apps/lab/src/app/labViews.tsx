import { Compose } from '../compose/Compose.tsx';
import { OwnData } from '../ownData/OwnData.tsx';
import { createDrawer } from '../ownPlugins/createDrawer.tsx';
import type { OwnPlugins } from '../ownPlugins/ownPlugins.ts';
import { PanelsView } from './PanelsView.tsx';
import type { Views } from './views.ts';

/** The parts of the page as they are built. */
export function createViews(plugins: OwnPlugins): Views {
  return {
    Compose: ({ lab }) => <Compose store={lab.store} session={lab.session} registry={lab.registry} />,
    Panels: PanelsView,
    OwnData: ({ lab, onClose }) => <OwnData store={lab.store} files={lab.ownFiles} onClose={onClose} />,
    OwnPlugin: createDrawer(plugins),
  };
}
