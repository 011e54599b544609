import { fakeItems } from './items.ts';
import '../../src/app/tokens.css';
import '../../src/app/base.css';
import '../../src/app/app.css';
import '../../src/transport/transport.css';
import '../../src/gallery/gallery.css';
import '../../src/export/export.css';
import '../../src/theoryPages/theory.css';
import '../../src/charts/charts.css';
import '../../src/panels/panels.css';
import { render } from 'preact';
import { startLab } from '../../src/app/start.tsx';

const root = document.getElementById('app');
if (root) render(startLab(window, fakeItems), root);
