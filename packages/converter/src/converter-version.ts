import packageJson from '../package.json' with { type: 'json' };

/** Version of this converter; bundles carry it, and caches of converted checkpoints are keyed by it. */
export const converterVersion: string = packageJson.version;
