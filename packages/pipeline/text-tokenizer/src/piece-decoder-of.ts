import { TokenizerError } from '@ovis/core';
import { ByteFallbackDecoder } from './byte-fallback-decoder.ts';
import { ByteLevelDecoder, missingByteCharacters } from './byte-level-decoder.ts';
import type { PieceDecoder } from './piece-decoder.ts';
import type { TokenizerDefinition } from './tokenizer-files.ts';

/**
 * Chooses the decoder that a tokenizer file asks for: `ByteLevel` (Qwen, Llama 3) or SentencePiece with byte
 * fallback (Gemma), and makes sure that every byte has a token, so that no text can be lost.
 *
 * @throws TokenizerError when the file asks for another decoder or lacks tokens for some bytes.
 */
export function pieceDecoderOf({ decoder, vocabulary }: TokenizerDefinition): () => PieceDecoder {
  if (decoder['type'] === 'ByteLevel') {
    requireAll(missingByteCharacters(vocabulary.ids));
    return () => new ByteLevelDecoder();
  }
  if (isByteFallback(decoder)) {
    const names = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    const has = (piece: string): boolean => vocabulary.ids.has(piece);
    // An ASCII byte is a character: Gemma spells the tab as itself and has no token for its byte.
    const isSpelled = (byte: number): boolean => byte < 0x80 && has(String.fromCharCode(byte));
    requireAll(names.filter((name, byte) => !has(name) && !isSpelled(byte)));
    return () => new ByteFallbackDecoder();
  }
  throw new TokenizerError(
    'The "decoder" of tokenizer.json is neither "ByteLevel" nor the sequence Replace (U+2581 by a space), ' +
      'ByteFallback, Fuse. These are the decoders of the language models that Ovis uses.',
  );
}

function requireAll(missing: readonly string[]): void {
  if (missing.length > 0) {
    throw new TokenizerError(
      `tokenizer.json has no token for ${missing.length} of the 256 bytes (first: ${JSON.stringify(missing[0])}), ` +
        'so text could be lost. Train the tokenizer with the full byte alphabet.',
    );
  }
}

function isByteFallback(decoder: Readonly<Record<string, unknown>>): boolean {
  const expected = [
    { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
  ];
  return decoder['type'] === 'Sequence' && JSON.stringify(decoder['decoders']) === JSON.stringify(expected);
}
