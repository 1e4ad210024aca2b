// Which part may import which (docs/architecture.md, "layers"). Lower never imports higher.
const own = '^packages/(core|pipeline/[^/]+|backends/[^/]+|ovis|converter|nano|nano-sets|cli|testing)/';

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-nothing',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/core/src' },
    },
    {
      name: 'stages-backends-converter-import-core-only',
      severity: 'error',
      from: { path: '^packages/(pipeline/[^/]+|backends/[^/]+|converter)/src', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/', pathNot: '^packages/(core|$1|backends/pictures)/' },
    },
    {
      name: 'pictures-only-in-backends',
      comment: 'What their decoders share.',
      severity: 'error',
      from: { path: '^packages/(?!backends/)', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/backends/pictures/' },
    },
    {
      name: 'pictures-import-core-only',
      severity: 'error',
      from: { path: '^packages/backends/pictures/src', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/(core|backends/pictures)/' },
    },
    {
      name: 'facade-imports-stages',
      comment: 'A backend and the converter only from the entry of their platform.',
      severity: 'error',
      from: { path: '^packages/ovis/src/(?!node/|web/)', pathNot: '\\.test\\.ts$' },
      to: { path: own, pathNot: '^packages/(core|pipeline/[^/]+|ovis)/' },
    },
    {
      name: 'node-entry-imports-node-backend',
      severity: 'error',
      from: { path: '^packages/ovis/src/node/', pathNot: '\\.test\\.ts$' },
      to: { path: own, pathNot: '^packages/(core|pipeline/[^/]+|ovis|backends/node|converter)/' },
    },
    {
      name: 'web-entry-imports-web-backend',
      severity: 'error',
      from: { path: '^packages/ovis/src/web/', pathNot: '\\.test\\.ts$' },
      to: { path: own, pathNot: '^packages/(core|pipeline/[^/]+|ovis|backends/web)/' },
    },
    {
      name: 'cli-imports-facade-converter-nano',
      severity: 'error',
      from: { path: '^packages/cli/src', pathNot: '\\.test\\.ts$' },
      to: { path: own, pathNot: '^packages/(ovis|converter|nano|nano-sets|cli)/' },
    },
    {
      name: 'nano-imports-nothing',
      comment: 'Only the build script of nano uses the converter.',
      severity: 'error',
      from: { path: '^packages/(nano|nano-sets)/src', pathNot: '\\.test\\.ts$' },
      to: { path: own, pathNot: '^packages/$1/' },
    },
    {
      name: 'testing-only-in-tests',
      severity: 'error',
      from: { path: '^packages/(?!testing/).*/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-node-in-stages-and-facade',
      severity: 'error',
      from: { path: '^packages/(core|pipeline/[^/]+|ovis|backends/web)/src/(?!node/)', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'runtimes-only-in-their-backend',
      severity: 'error',
      from: { path: '^packages/(?!backends/(node|web)/|testing/).*/src/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/(onnxruntime-node|onnxruntime-web|sharp)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/bundle(-webgpu)?/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['ovis-source', 'import', 'types', 'node', 'default'],
    },
  },
};
