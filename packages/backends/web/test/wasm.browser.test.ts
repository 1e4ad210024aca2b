import { describeBackend } from '@ovis/testing/browser';
import { openWebBackend } from '@ovis/backend-web';

describeBackend('onnxruntime-web, WebAssembly, 1 thread', () => openWebBackend({ device: 'wasm', threads: 1 }));
