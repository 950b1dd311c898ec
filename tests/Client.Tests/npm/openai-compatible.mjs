// Vercel's AI SDK with @ai-sdk/openai-compatible: chat completions and images. It has no speech, no transcriptions and no models.
import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateImage } from 'ai';
import { assertCallError, languageScenarios } from './ai-sdk.mjs';
import { imagine, isJpeg, png, thrownBy } from './samples.mjs';

const open = ({ baseUrl, key }) => createOpenAICompatible({ name: 'llmtr', baseURL: baseUrl, apiKey: key, includeUsage: true, supportsStructuredOutputs: true });

export const scenarios = {
  ...languageScenarios('chat', (to, id) => open(to)(id)),

  async 'images'(to) {
    const { images } = await generateImage({ model: open(to).imageModel(imagine), prompt: 'A cat', n: 2, size: '1536x1024', maxRetries: 0 });
    assert.equal(images.length, 2);
    assert.ok(images.every(image => isJpeg(image.uint8Array)));
  },

  async 'image edit'(to) {
    // Left to itself it would fetch the image from its address, which it does not do from 127.0.0.1.
    const { images } = await generateImage({
      model: open(to).imageModel(imagine), prompt: { text: 'A hat', images: [png] }, maxRetries: 0, providerOptions: { llmtr: { response_format: 'b64_json' } },
    });
    assert.ok(isJpeg(images[0].uint8Array));
  },

  async 'image error'(to) {
    assertCallError(await thrownBy(generateImage({ model: open(to).imageModel(imagine), prompt: 'A cat', size: '7x7', maxRetries: 0 })), 400, 'invalid_request_error');
  },
};
