import { WorkerHost } from './worker-host.ts';

// The program of the worker. The threads of WebAssembly may be started from this very file, where a bundler has put
// ONNX Runtime into it; they are not ours.
if (!self.name.startsWith('em-pthread')) void new WorkerHost().start();
