import { Option, type Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { integerIn } from '../options/number-parsers.ts';

const help = `
Looks at Node, the native libraries, the processor and what the start-up probes found on it, WebGPU and CUDA, the cache
folder and memory. With MODEL also at its manifest and the hashes of its files, and then loads and runs it once.

The mark before a line: "ok" works; "--" is absent or slower, but nothing that was asked for needs it; "!!" must change
first, and the line says how. The exit code is 1 when there is a "!!": use it in scripts that set a machine up.

Examples:
  $ ovis doctor
  $ ovis doctor path/to/bundle
  $ ovis doctor path/to/bundle --device webgpu
  $ ovis doctor bundle --json | jq '.findings[] | select(.state == "bad")'`;

/** `ovis doctor`: says what works here and what does not. */
export function addDoctorCommand(program: Command, io: CliIo): void {
  program
    .command('doctor')
    .description('Say whether models, or one model, can run here, and why not.')
    .argument('[model]', 'folder of a bundle or a checkpoint that shall run here')
    .addOption(
      new Option('--device <device>', 'the device it shall run on (default: cpu)').choices([
        'cpu',
        'webgpu',
        'cuda',
      ] as const),
    )
    .option('--threads <n>', 'threads of the processor', integerIn({ min: 1, max: 256 }))
    .option('--json', 'print one JSON object instead of lines')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (model, options) => {
      const { doctor } = await import('../doctor/doctor.ts');
      await doctor(model ?? null, options, io);
    });
}
