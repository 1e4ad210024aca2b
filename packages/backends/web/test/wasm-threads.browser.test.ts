import { describeBackend } from '@ovis/testing/browser';
import { openWebBackend } from '@ovis/backend-web';

describeBackend('onnxruntime-web, WebAssembly, 3 threads', () => openWebBackend({ device: 'wasm', threads: 3 }));
