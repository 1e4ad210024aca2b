import { describeBackend } from '@ovis/testing/browser';
import { openWebBackend } from '@ovis/backend-web';

describeBackend('onnxruntime-web, WebGPU', () => openWebBackend({ device: 'webgpu' }));
