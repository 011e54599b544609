import './app/tokens.css';
import './app/base.css';
import './app/app.css';
import './transport/transport.css';
import './gallery/gallery.css';
import './export/export.css';
import './theoryPages/theory.css';
import './charts/charts.css';
import './panels/panels.css';
import { render } from 'preact';
import { startLab } from './app/start.tsx';

const root = document.getElementById('app');
if (root) render(startLab(window), root);
