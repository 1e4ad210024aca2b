import { fromBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, ModelProtoSchema, TensorProto_DataLocation } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { encodeModel } from './encode-model.ts';
import type { OnnxGraph } from './onnx-model.ts';

const body: OnnxGraph = {
  name: 'body',
  nodes: [{ name: '/b/Relu', operator: 'Relu', domain: '', inputs: ['row'], outputs: ['out'], attributes: {} }],
  initializers: [],
  inputs: [{ kind: 'tensor', name: 'row', dtype: 'float32', shape: ['rows'] }],
  outputs: [{ kind: 'tensor', name: 'out', dtype: 'float32', shape: ['rows'] }],
};

const graph: OnnxGraph = {
  name: 'small',
  nodes: [
    {
      name: '/a/Op',
      operator: 'Op',
      domain: 'com.microsoft',
      inputs: ['x', '', 'w', '', ''],
      outputs: ['y', '', 'z', ''],
      attributes: {
        scale: { kind: 'float', value: 0.5 },
        count: { kind: 'integer', value: -1 },
        mode: { kind: 'text', value: 'tanh' },
        perm: { kind: 'integers', value: [1, 0] },
        body: { kind: 'graph', value: body },
      },
    },
  ],
  initializers: [
    { name: 'w', dtype: 'float16', dims: [2, 3], content: { external: { file: 'w.bin', offset: 4096, length: 12 } } },
    { name: 'axes', dtype: 'int64', dims: [1], content: { bytes: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) } },
  ],
  inputs: [{ kind: 'tensor', name: 'x', dtype: 'float32', shape: [1, 'S'] }],
  outputs: [
    { kind: 'sequence', name: 'marker', dtype: 'int64' },
    { kind: 'tensor', name: 'y', dtype: 'int32', shape: [] },
  ],
};

describe('a written model, read by another library', () => {
  const model = fromBinary(ModelProtoSchema, encodeModel(graph));
  const [node] = model.graph?.node ?? [];
  const attribute = (name: string) => node?.attribute.find((candidate) => candidate.name === name);

  test('names versions that the runtime accepts', () => {
    expect(model.irVersion).toBe(10n);
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
      ['', 21n],
      ['com.microsoft', 1n],
    ]);
  });

  test('keeps blanks between inputs and drops those at the end', () => {
    expect(node?.input).toEqual(['x', '', 'w']);
    expect(node?.output).toEqual(['y', '', 'z']);
    expect([node?.name, node?.opType, node?.domain]).toEqual(['/a/Op', 'Op', 'com.microsoft']);
  });

  test('gives every attribute its type', () => {
    const { FLOAT, INT, STRING, INTS, GRAPH } = AttributeProto_AttributeType;
    expect([attribute('scale')?.type, attribute('scale')?.f]).toEqual([FLOAT, 0.5]);
    expect([attribute('count')?.type, attribute('count')?.i]).toEqual([INT, -1n]);
    expect(attribute('mode')?.type).toBe(STRING);
    expect(new TextDecoder().decode(attribute('mode')?.s)).toBe('tanh');
    expect([attribute('perm')?.type, attribute('perm')?.ints]).toEqual([INTS, [1n, 0n]]);
    expect(attribute('body')?.type).toBe(GRAPH);
    expect(attribute('body')?.g?.node[0]?.opType).toBe('Relu');
  });

  test('tells where external weights lie', () => {
    const [weight, axes] = model.graph?.initializer ?? [];
    expect(weight?.dataLocation).toBe(TensorProto_DataLocation.EXTERNAL);
    expect([weight?.name, weight?.dataType, weight?.dims]).toEqual(['w', 10, [2n, 3n]]);
    expect(weight?.externalData.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'location=w.bin',
      'offset=4096',
      'length=12',
    ]);
    expect([axes?.dataType, axes?.rawData.length, axes?.dataLocation]).toEqual([
      7,
      8,
      TensorProto_DataLocation.DEFAULT,
    ]);
  });

  test('writes numbers, letters, scalars and lists as types', () => {
    const [input] = model.graph?.input ?? [];
    const [marker, scalar] = model.graph?.output ?? [];
    const type = input?.type?.value;
    expect(type?.case === 'tensorType' && type.value.shape?.dim.map((dim) => dim.value.value)).toEqual([1n, 'S']);
    const list = marker?.type?.value;
    const element = list?.case === 'sequenceType' ? list.value.elemType?.value : undefined;
    expect(element?.case === 'tensorType' && [element.value.elemType, element.value.shape]).toEqual([7, undefined]);
    const scalarType = scalar?.type?.value;
    expect(scalarType?.case === 'tensorType' && scalarType.value.shape?.dim).toEqual([]);
  });
});
