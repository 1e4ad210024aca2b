// Conversations to prompts
export { buildPrompt, type BuildPromptOptions } from './build-prompt.ts';
export type { PromptContext, PromptMessage, PromptPart, PromptRole, VisualPart } from './prompt-message.ts';

// Prompts as the official code builds them
export {
  buildOfficialPrompt,
  type OfficialPrompt,
  type OfficialPromptOptions,
  type OfficialTurn,
} from './official-prompt.ts';
export { buildHubPrompt, type HubMessage, type HubPromptOptions } from './hub-prompt.ts';
export { officialIds, type OfficialIds } from './official-ids.ts';

// Prompts to input embeddings
export { EmbeddingTable } from './embedding-table.ts';
export { embedPrompt, type EmbeddingSources } from './embed-prompt.ts';
