/**
 * A graph of one attention (1 head of 8 numbers, its own input as query, key and value) behind a marker
 * output, as ONNX. Its readable form is `attentionGraph` of the shared backend suite; the test compares.
 */
export const probeModel: Uint8Array = Uint8Array.from(
  Buffer.from(
    'CAo6twQKOAoEemVybxIGbWFya2VyGhNTZXF1ZW5jZUNvbnN0cnVjdF8wIhFTZXF1ZW5jZUNvbnN0cnVjdDoACr0BCgF4CgF4CgF4' +
      'CghwYXN0X2tleQoKcGFzdF92YWx1ZQoNbGFzdF9wb3NpdGlvbgoMdG90YWxfbGVuZ3RoEgF5EgtwcmVzZW50X2tleRINcHJlc2Vu' +
      'dF92YWx1ZRoVR3JvdXBRdWVyeUF0dGVudGlvbl8xIhNHcm91cFF1ZXJ5QXR0ZW50aW9uKhAKCW51bV9oZWFkcxgBoAECKhMKDGt2' +
      'X251bV9oZWFkcxgBoAECOg1jb20ubWljcm9zb2Z0EgR0ZXN0KhAIARABQgR6ZXJvSgQAAAAAWhgKAXgSEwoRCAESDQoCCAEKAxIB' +
      'UwoCCAhaGwoNbGFzdF9wb3NpdGlvbhIKCggIBhIECgIIAVoaCgx0b3RhbF9sZW5ndGgSCgoICAYSBAoCCAFaJgoIcGFzdF9rZXkS' +
      'GgoYCAESFAoCCAEKAggBCgYSBHBhc3QKAggIWigKCnBhc3RfdmFsdWUSGgoYCAESFAoCCAEKAggBCgYSBHBhc3QKAggIYhIKBm1h' +
      'cmtlchIIIgYKBAoCCAFiGAoBeRITChEIARINCgIIAQoDEgFTCgIICGImCgtwcmVzZW50X2tleRIXChUIARIRCgIIAQoCCAEKAxIB' +
      'VAoCCAhiKAoNcHJlc2VudF92YWx1ZRIXChUIARIRCgIIAQoCCAEKAxIBVAoCCAhCBAoAEBVCEQoNY29tLm1pY3Jvc29mdBAB',
    'base64',
  ),
);
