import type { OfficialTurn, PromptMessage, PromptPart } from '../src/index.ts';

/**
 * An official conversation in our own terms: markers become parts, and the separator beside one is what joins
 * parts. Null where the markers stand in another way, which `buildPrompt` never writes.
 */
export function messagesOf(turns: readonly OfficialTurn[], separator: ' ' | '\n'): PromptMessage[] | null {
  let item = 0;
  let isOurs = true;
  const messages = turns.map(({ from, value }): PromptMessage => {
    const role = from === 'human' ? 'user' : from === 'system' ? 'system' : 'assistant';
    if (role !== 'user') return { role, content: value };
    const chunks = value.split(/(<image>|<video>)/);
    const parts = chunks.flatMap((text, index): readonly PromptPart[] => {
      if (text === '<image>') return [{ type: 'image', item: item++ }];
      if (text === '<video>') return [{ type: 'video', item: item++ }];
      const isFirst = index === 0;
      const isLast = index === chunks.length - 1;
      if (text === '') {
        isOurs &&= isFirst || isLast;
        return [];
      }
      isOurs &&= (isFirst || text.startsWith(separator)) && (isLast || /\s$/u.test(text));
      const own = isFirst ? text : text.slice(1);
      return own === '' && !isLast ? [] : [{ type: 'text', text: own }];
    });
    return { role, content: parts };
  });
  return isOurs ? messages : null;
}
