import type { PromptFormat } from '@ovis/core';
import type { LanguageModelConfig } from './language-model-config.ts';
import { unsupported } from './unsupported.ts';

/** Official conversation formatters that have a table of ours. */
const formats: ReadonlyMap<string, PromptFormat> = new Map<string, PromptFormat>([
  ['QwenConversationFormatter', 'qwen'],
  ['Qwen3ConversationFormatter', 'qwen3'],
  ['Llama3ConversationFormatter', 'llama3'],
  ['GemmaConversationFormatter', 'gemma'],
]);

/** How turns are written down: by the formatter's class or, where the config names none, by the language model. */
export function promptFormat(formatter: string | null, language: LanguageModelConfig): PromptFormat {
  if (formatter === null) return byLanguageModel(language.modelType);
  const known = [...formats.keys()].join(' or ');
  return formats.get(formatter) ?? unsupported('config.json', 'conversation_formatter_class', formatter, known);
}

function byLanguageModel(modelType: string): PromptFormat {
  if (modelType.startsWith('qwen3')) return 'qwen3';
  if (modelType === 'llama') return 'llama3';
  return modelType === 'gemma2' ? 'gemma' : 'qwen';
}
