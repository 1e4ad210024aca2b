import type { ComponentChildren } from 'preact';
import { turns } from '../conversation/conversation.ts';
import { modelState } from '../model/model-state.ts';
import { bytes, count, duration, tokensPerSecond } from '../page/units.ts';
import { memoryUse } from './memory-use.ts';

/** The last answer in numbers. */
export function SpeedPanel() {
  const finish = turns.value.findLast(({ answer }) => answer.value.finish !== null)?.answer.value.finish ?? null;
  const model = modelState.value;
  const memory = memoryUse.value;
  if (model.kind !== 'ready') return null;
  const rate = finish === null ? null : tokensPerSecond(finish.timings.perTokenMs);
  return (
    <section class="panel" aria-labelledby="speed-title">
      <h2 id="speed-title">Speed</h2>
      <dl class="numbers">
        <Number name="Loading" value={duration(model.ovis.loadTimings.totalMs)} />
        <Number name="First token" value={finish === null ? '–' : duration(finish.timings.firstTokenMs)} />
        <Number name="Tokens per second" value={rate ?? '–'} />
        <Number name="Memory of the tab" value={memory === null ? '–' : bytes(memory)} />
      </dl>
      {finish !== null && (
        <dl class="facts-list">
          <Fact name="Tokens of the prompt">
            {count(finish.usage.textTokens)} text, {count(finish.usage.imageTokens)} pictures
          </Fact>
          <Fact name="Tokens of the answer">{count(finish.usage.outputTokens)}</Fact>
          <Fact name="Pictures read">{duration(finish.timings.decodeImageMs + finish.timings.preprocessMs)}</Fact>
          <Fact name="Pictures seen">{duration(finish.timings.visionMs)}</Fact>
          <Fact name="Prompt read">{duration(finish.timings.prefillMs)}</Fact>
          <Fact name="Whole answer">{duration(finish.timings.totalMs)}</Fact>
        </dl>
      )}
    </section>
  );
}

function Number({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** A line of a list of facts. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
