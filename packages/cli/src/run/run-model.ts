import { Ovis, type ChatMessage, type GenerateRequest, type GenerateResult, type LoadOptions } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { createProgressDisplay, type ProgressDisplay } from '../output/progress-display.ts';
import { styleOf } from '../output/style.ts';
import { visibleControls } from '../output/visible-controls.ts';
import { writeJson } from '../output/write-json.ts';
import { AnswerWriter } from './answer-writer.ts';
import { embeddedModel } from './embedded-model.ts';
import { readMessages } from './read-inputs.ts';
import type { RunOptions } from './run-options.ts';
import { statistics } from './statistics.ts';

/** Loads a model and answers the question of the options. */
export async function runModel(model: string | null, options: RunOptions, io: CliIo): Promise<void> {
  const { json = false, quiet = false } = options;
  const messages = await readMessages(options, io);
  const progress = await createProgressDisplay(io, quiet || json);
  try {
    await using ovis = await Ovis.load(model ?? embeddedModel(options.device), loadOptions(options, progress, io));
    progress.clear();
    const request = generateRequest(messages, options, progress, io);
    if (json) {
      writeJson(io.stdout, resultObject(await ovis.generate(request)));
      return;
    }
    const { convertMs } = ovis.loadTimings;
    if (!quiet && convertMs > 0) writeWarnings(ovis.manifest.warnings, io);
    const result = await writeAnswer(ovis.stream(request), progress, io, quiet);
    if (!quiet) io.stderr.write(statistics(result, ovis, io));
  } finally {
    progress.clear();
  }
}

function loadOptions({ device, threads, dtype }: RunOptions, progress: ProgressDisplay, io: CliIo): LoadOptions {
  return { device, threads, dtype, onProgress: progress.report, signal: io.signal };
}

function generateRequest(
  messages: readonly ChatMessage[],
  options: RunOptions,
  progress: ProgressDisplay,
  io: CliIo,
): GenerateRequest {
  const { maxNewTokens, temperature, topP, topK, minP, repetitionPenalty, seed, stop } = options;
  const { thinking, thinkingBudget, maxPartition, minPixels, maxPixels } = options;
  return {
    messages,
    maxNewTokens,
    temperature,
    topP,
    topK,
    minP,
    repetitionPenalty,
    seed,
    stop,
    thinking: thinkingBudget === undefined ? thinking : { budget: thinkingBudget },
    image: {
      ...(maxPartition === undefined ? {} : { maxPartition }),
      ...(minPixels === undefined ? {} : { minPixels }),
      ...(maxPixels === undefined ? {} : { maxPixels }),
    },
    onProgress: progress.report,
    signal: io.signal,
  };
}

/** The end of a streamed answer, with what the statistics need. */
type Finish = Pick<GenerateResult, 'finishReason' | 'usage' | 'timings'>;

async function writeAnswer(
  parts: ReturnType<Ovis['stream']>,
  progress: ProgressDisplay,
  io: CliIo,
  quiet: boolean,
): Promise<Finish> {
  const writer = new AnswerWriter(io, { reasoning: !quiet });
  try {
    for await (const part of parts) {
      progress.clear();
      switch (part.type) {
        case 'reasoning-delta':
          writer.reasoning(part.text);
          break;
        case 'text-delta':
          writer.text(part.text);
          break;
        case 'finish':
          return { finishReason: part.reason, usage: part.usage, timings: part.timings };
      }
    }
  } finally {
    writer.end();
  }
  throw new Error('The answer ended without its finish part.');
}

/** Exactly the documented fields, whatever else a result may hold one day. */
function resultObject({ text, reasoning, tokens, finishReason, usage, timings }: GenerateResult): GenerateResult {
  return { text, reasoning, tokens, finishReason, usage, timings };
}

function writeWarnings(warnings: readonly string[], { stderr, env }: CliIo): void {
  const style = styleOf(stderr, env);
  for (const warning of warnings) stderr.write(`${style.yellow('Warning:')} ${visibleControls(warning)}\n`);
}
