import type { ContentPart, OnProgress, Ovis } from 'ovis/node';
import { picturePath, type Question, type QuestionSets } from './question-sets.ts';
import { isRight } from './scoring-rules.ts';

/** What a model said to a question. */
export type Answer = { readonly question: Question; readonly text: string; readonly right: boolean };

/** Most tokens of an answer; the longest that is expected has about 25. */
const MAX_NEW_TOKENS = 48;

/** What a model that answers questions must be able to do. */
export type Answering = Pick<Ovis, 'generate'>;

/** Puts all questions to a model, one after the other; it always takes the likeliest token. */
export async function* askQuestions(
  model: Answering,
  questions: readonly Question[],
  sets: QuestionSets,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): AsyncGenerator<Answer, void, undefined> {
  for (const [index, question] of questions.entries()) {
    onProgress({ phase: 'ask', item: question.set, done: index, total: questions.length });
    const content = contentOf(question, (image) => picturePath(sets, image));
    const options = { maxNewTokens: MAX_NEW_TOKENS, temperature: 0, signal };
    const { text } = await model.generate({ messages: [{ role: 'user', content }], ...options });
    yield { question, text, right: isRight(question.rule, text, question.answer) };
  }
}

/** Pictures before the question, with numbers where there are several. */
function contentOf({ images, question }: Question, pathOf: (image: string) => string): readonly ContentPart[] {
  const pictures = images.flatMap((image, index): readonly ContentPart[] => {
    const picture = { type: 'image', image: pathOf(image) } as const;
    return images.length === 1 ? [picture] : [{ type: 'text', text: `Image ${index + 1}: ` }, picture];
  });
  return [...pictures, { type: 'text', text: question }];
}
