// Golden fixtures
export { fixtureBytes, fixtureCases, fixtureJson, fixturePath, integersOf, type FixtureCase } from './fixtures.ts';
export { readSafetensors, type StoredTensor } from './read-safetensors.ts';
