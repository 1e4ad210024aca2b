import { useLayoutEffect, useRef } from 'preact/hooks';
import { lookedAt, showInside } from '../look/looked-at.ts';
import { count, duration, tokensPerSecond } from '../page/units.ts';
import type { Answer, Turn } from './conversation.ts';
import type { Picture } from './picture.ts';

/** The conversation, oldest turn first. */
export function TurnList({ turns }: { readonly turns: readonly Turn[] }) {
  return (
    <ol class="turns" aria-label="Conversation">
      {turns.map((turn) => (
        <li key={turn.id} class="turn">
          <div class="question">
            <span class="unseen">You asked: </span>
            {turn.pictures.length > 0 && (
              <div class="thumbnails">
                {turn.pictures.map((picture) => (
                  <Thumbnail key={picture.id} picture={picture} />
                ))}
              </div>
            )}
            {turn.question !== '' && <p>{turn.question}</p>}
          </div>
          <AnswerView turn={turn} />
        </li>
      ))}
    </ol>
  );
}

/** A picture that was sent; pressing it looks inside. */
function Thumbnail({ picture }: { readonly picture: Picture }) {
  const chosen = lookedAt.value?.id === picture.id;
  const look = () => {
    lookedAt.value = picture;
    showInside();
  };
  return (
    <button type="button" class="thumbnail" aria-pressed={chosen} title="See what the model sees" onClick={look}>
      <img src={picture.url} alt={picture.name} />
    </button>
  );
}

function AnswerView({ turn }: { readonly turn: Turn }) {
  const answer = turn.answer.value;
  const ref = useRef<HTMLDivElement>(null);
  // Follows the answer while the reader is at the end.
  useLayoutEffect(() => {
    const scroller = ref.current?.closest('.talk-scroll');
    if (scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 160) {
      scroller.scrollTop = scroller.scrollHeight;
    }
  }, [answer]);
  return (
    <div ref={ref} class="answer" aria-busy={answer.state === 'waiting' || answer.state === 'running'}>
      <span class="unseen">Answer: </span>
      {answer.reasoning !== '' && (
        <details class="reasoning" open={answer.text === ''}>
          <summary>Thoughts</summary>
          <p>{answer.reasoning}</p>
        </details>
      )}
      {answer.state === 'waiting' ? (
        <p class="waiting">
          <span class="dots" aria-hidden="true" />
          Looking
        </p>
      ) : (
        <p class="answer-text">
          {answer.text}
          {answer.state === 'running' && <span class="caret" aria-hidden="true" />}
        </p>
      )}
      <AnswerFacts answer={answer} />
    </div>
  );
}

function AnswerFacts({ answer: { state, finish } }: { readonly answer: Answer }) {
  if (state === 'stopped') return <p class="facts">Stopped</p>;
  if (state === 'failed') return <p class="facts">No answer: see the message above the question.</p>;
  if (finish === null) return null;
  const { usage, timings, reason } = finish;
  const speed = tokensPerSecond(timings.perTokenMs);
  const facts = [
    `${count(usage.outputTokens)} tokens`,
    `first after ${duration(timings.firstTokenMs)}`,
    ...(speed === null ? [] : [`${speed} tokens/s`]),
    ...(reason === 'length' ? ['cut at the limit of tokens'] : []),
  ];
  return <p class="facts">{facts.join(' · ')}</p>;
}
