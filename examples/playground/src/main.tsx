import { render } from 'preact';
import { takeDropsAndPastes } from './conversation/intake.ts';
import { lookWhenIdle } from './look/look-state.ts';
import { embeddedModel } from './model/model-origin.ts';
import { loadModel } from './model/model-state.ts';
import { App } from './page/app.tsx';
import { startOffline } from './page/offline.ts';
import { measureMemoryWhenIdle } from './panels/memory-use.ts';

render(<App />, document.body);
takeDropsAndPastes();
lookWhenIdle();
measureMemoryWhenIdle();
await startOffline();
await loadModel(embeddedModel);
