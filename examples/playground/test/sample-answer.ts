import questions from '../../images/questions.json' with { type: 'json' };

/** What the embedded model is known to answer about a sample picture. */
export function sampleAnswer(image: string, question: string): string {
  const found = questions.find((entry) => entry.image === image && entry.question === question);
  if (found === undefined) throw new Error(`examples/images/questions.json has no "${question}" about ${image}.`);
  return found.answer;
}
