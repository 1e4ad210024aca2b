import { defineConfig } from 'vite';
import { contentPolicy } from './build/content-policy.ts';
import { embeddedModel } from './build/embedded-model.ts';
import { offlineShell } from './build/offline-shell.ts';

/** With these a page has threads in WebAssembly. A host that cannot send them loses nothing else. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export default defineConfig({
  // Works in any folder of any host.
  base: './',
  plugins: [contentPolicy(), embeddedModel(), offlineShell()],
  build: {
    target: 'es2023',
    // The policy forbids data: URLs where a file will do, and the service worker lists files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  worker: { format: 'es' },
  // Its .wasm files lie beside its code; a bundled copy would look for them elsewhere.
  optimizeDeps: {
    exclude: ['onnxruntime-web'],
    include: ['ovis > hash-wasm', 'ovis > valibot'],
  },
  server: { headers: isolation },
  preview: { headers: isolation },
});
