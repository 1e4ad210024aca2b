import { describeBackend } from '@ovis/testing';
import { openNodeBackend } from './open-node-backend.ts';

describeBackend('the Node backend, states in place', () => openNodeBackend({ device: 'cpu', threads: 1 }));
describeBackend('the Node backend, states copied', () => openNodeBackend({ threads: 1, stateUpdates: 'copy' }));
