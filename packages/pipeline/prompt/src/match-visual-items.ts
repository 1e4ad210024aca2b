import { generationTraits, PromptError, type ModelDescription, type VisualItem } from '@ovis/core';

type Kind = VisualItem['kind'];

/**
 * Checks that the places for pictures and videos in a prompt and what was given for them agree.
 *
 * @param places - Kinds of the placeholders in the order of the prompt.
 * @throws PromptError when the numbers differ, when the model takes no video, when there is more than one,
 *   or when there are pictures and a video (the official code of Ovis 2.5 refuses both).
 */
export function matchVisualItems(places: readonly Kind[], items: readonly VisualItem[], model: ModelDescription): void {
  const count = (kinds: readonly Kind[], kind: Kind): number => kinds.filter((each) => each === kind).length;
  const given = items.map(({ kind }) => kind);
  const videos = Math.max(count(places, 'video'), count(given, 'video'));
  if (videos > 0) {
    if (!generationTraits[model.generation].video) {
      throw new PromptError(`Ovis ${model.generation} takes no videos. Pass the frames as images.`);
    }
    if (places.includes('image') || given.includes('image')) {
      throw new PromptError('A prompt holds images or a video, not both. Pass them in separate conversations.');
    }
    if (videos > 1) {
      throw new PromptError(`A prompt holds one video at most, got ${videos}. Pass the others on their own.`);
    }
  }
  for (const kind of ['image', 'video'] as const) {
    const wanted = count(places, kind);
    const got = count(given, kind);
    if (wanted !== got) throw mismatch(kind, wanted, got);
  }
}

function mismatch(kind: Kind, placeholders: number, given: number): PromptError {
  const wayOut =
    placeholders > given
      ? `Pass the missing ${kind}${placeholders - given === 1 ? '' : 's'} or remove ${placeholders - given === 1 ? 'a placeholder' : 'placeholders'}.`
      : `Add the missing placeholder${given - placeholders === 1 ? '' : 's'} or pass fewer ${kind}s.`;
  return new PromptError(
    `Prompt has ${placeholders} ${kind} placeholder${placeholders === 1 ? '' : 's'} but ${given} ${kind}${given === 1 ? ' was' : 's were'} given. ${wayOut}`,
    { details: { kind, placeholders, given } },
  );
}
