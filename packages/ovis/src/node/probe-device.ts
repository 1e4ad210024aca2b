// Tries a device in a process of its own, because a broken driver may end the process and libraries write to stderr:
// node probe-device.js DEVICE [THREADS]; prints a DeviceReport as JSON.
import { deviceReport } from './diagnose/device-report.ts';

const [device = 'cpu', threads] = process.argv.slice(2);
if (device !== 'cpu' && device !== 'webgpu' && device !== 'cuda') throw new Error(`There is no device ${device}.`);
process.stdout.write(JSON.stringify(await deviceReport(device, threads === undefined ? undefined : Number(threads))));
