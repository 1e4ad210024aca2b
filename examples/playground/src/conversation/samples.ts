import questions from '../../../images/questions.json';

/** A picture of the repository with questions that the embedded model answers. */
export type Sample = { readonly name: string; readonly url: string; readonly questions: readonly string[] };

const urls = import.meta.glob<string>('../../../images/*.png', { eager: true, query: '?url', import: 'default' });

/** Sample pictures in the order of their questions. */
export const samples: readonly Sample[] = [...new Set(questions.map(({ image }) => image))].flatMap((name) => {
  const url = urls[`../../../images/${name}`];
  if (url === undefined) return [];
  return [{ name, url, questions: questions.filter(({ image }) => image === name).map(({ question }) => question) }];
});

/** The sample that a picture is, by its name. */
export function sampleNamed(name: string | undefined): Sample | null {
  return samples.find((sample) => sample.name === name) ?? null;
}
