import { describeBackend } from './describe-backend.ts';
import { openFakeBackend } from './fake-backend.ts';
import { suiteGraphs } from './suite-graphs.ts';

describeBackend('the fake backend', () => Promise.resolve(openFakeBackend(suiteGraphs)), {
  follows: true,
});
