// The model
export { Ovis } from './ovis.ts';
export type { LoadOptions, ModelSource } from './load-options.ts';

// Asking, with pictures of a page
export {
  videoFrames,
  type VideoFramesOptions,
  type VideoSource,
  type WebImageSource as ImageSource,
} from '@ovis/backend-web/page';
export type {
  WebChatMessage as ChatMessage,
  WebCompareSample as CompareSample,
  WebContentPart as ContentPart,
  WebGenerateRequest as GenerateRequest,
  WebImagePart as ImagePart,
  WebVideoPart as VideoPart,
} from './web-request.ts';

// Models in the browser's storage
export {
  deleteStoredModel,
  keepStoredModels,
  listStoredModels,
  storageState,
  type StorageState,
  type StoredModel,
} from './files/stored-models.ts';

// Everything that is the same on all platforms
export * from '../shared.ts';
