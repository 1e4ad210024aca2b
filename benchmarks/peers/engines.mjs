// The engines that are measured: what each needs, and the script that runs it.
import { modelShapes } from '../model-shapes.mjs';

/** Exact versions of what a peer consists of; a range would make two runs incomparable. */
const torch = ['torch==2.14.1', 'transformers==4.57.6'];
const openvino = [
  'openvino==2026.4.1',
  'openvino-genai==2026.4.1.0',
  'openvino-tokenizers==2026.4.1.0',
  'optimum-intel==2.2.0',
  'nncf',
];

/** What is built of llama.cpp: its libraries. */
const llamaParts = '-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAVA_BUILD=OFF';
const avx2Flags = '-DGGML_NATIVE=OFF -DGGML_AVX=ON -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON';

/**
 * `python` and `npm`: packages, installed into a folder of their own. `model`: what `make_models.py` makes (and
 * where in it the engine looks). `request`: what its script is told beside lengths and threads.
 * `environment`: what its installation is told; `avx2Only`: what instead, into a folder of its own, for a processor with
 * AVX2 and nothing wider.
 */
export const engines = {
  'ovis-int8': { title: 'Ovis, int8', script: 'ovis-engine.mjs', bundle: 'int8' },
  'ovis-int4': { title: 'Ovis, int4', script: 'ovis-engine.mjs', bundle: 'int4' },
  'ovis-all-int4': { title: 'Ovis, int4 in all layers', script: 'ovis-engine.mjs', bundle: 'all-int4' },
  concatenating: {
    title: 'onnxruntime-node, cache concatenated',
    script: 'concat-engine.mjs',
    npm: ['onnxruntime-node@1.30.0'],
    model: ['genai', 'model.onnx'],
    request: { shape: modelShapes['Ovis2-1B'].language },
  },
  'transformers.js': {
    script: 'transformers-js-engine.mjs',
    npm: ['@huggingface/transformers@4.3.1'],
    model: ['transformers-js', ''],
  },
  'node-llama-cpp': {
    title: 'node-llama-cpp, prebuilt',
    script: 'node-llama-cpp-engine.mjs',
    npm: ['node-llama-cpp@3.22.1'],
    model: ['gguf', 'model.gguf'],
  },
  'llama.cpp': {
    title: 'llama.cpp, own build',
    script: 'llama_cpp_engine.py',
    python: ['--no-binary=llama-cpp-python', 'llama-cpp-python==0.3.36'],
    environment: { CMAKE_ARGS: `-DGGML_NATIVE=ON ${llamaParts}` },
    // Compiled for one processor: nothing is chosen while it runs.
    avx2Only: { CMAKE_ARGS: `${avx2Flags} ${llamaParts}` },
    model: ['gguf', 'model.gguf'],
  },
  'onnxruntime-genai': {
    script: 'genai_engine.py',
    python: ['onnxruntime-genai==0.18.0', 'onnx', 'onnx_ir', 'onnxruntime'],
    model: ['genai', ''],
  },
  'openvino-genai': openvinoIn('default', 'OpenVINO GenAI, default'),
  'openvino-genai-f32': openvinoIn('f32', 'OpenVINO GenAI, f32 arithmetic'),
  'pytorch-bf16': pytorchIn('bf16'),
  'pytorch-f32': pytorchIn('f32'),
};

function openvinoIn(dtype, title) {
  return {
    title,
    script: 'openvino_engine.py',
    python: openvino,
    model: ['openvino', ''],
    request: { dtype },
    picture: { engine: 'openvino', dtype },
  };
}

function pytorchIn(dtype) {
  return {
    title: `PyTorch ${dtype}`,
    script: 'pytorch_engine.py',
    python: torch,
    model: ['checkpoint', ''],
    request: { dtype },
    picture: { engine: 'torch', dtype },
  };
}
