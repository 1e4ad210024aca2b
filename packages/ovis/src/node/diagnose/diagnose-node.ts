import type { Finding } from './diagnosis-types.ts';

/** The oldest Node that the packages are tested with. */
const OLDEST = [20, 19] as const;

/** Whether this Node is new enough. */
export function diagnoseNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const newEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  const place = `${process.platform} ${process.arch}`;
  return {
    area: 'node',
    state: newEnough ? 'good' : 'bad',
    text: newEnough
      ? `Node ${version} on ${place}`
      : `Node ${version} is too old: ${OLDEST.join('.')} or newer is needed. See https://nodejs.org`,
    more: [],
    details: { version, platform: process.platform, architecture: process.arch },
  };
}
