// Vercel's AI SDK with @ai-sdk/xai: chat completions, the Responses API, images and video on xAI's own paths. It has no speech, no transcriptions and no models.
import assert from 'node:assert/strict';
import { createXai } from '@ai-sdk/xai';
import { experimental_generateVideo as generateVideo, generateImage } from 'ai';
import { assertCallError, languageScenarios } from './ai-sdk.mjs';
import { imagine, isJpeg, png, thrownBy } from './samples.mjs';

const open = ({ baseUrl, key }) => createXai({ baseURL: baseUrl, apiKey: key });
const film = (to, more) => generateVideo({
  model: open(to).video('xai/grok-imagine-video'), prompt: 'A cup of tea', duration: 1, maxRetries: 0, providerOptions: { xai: { pollIntervalMs: 50 } },
  // Left to itself it fetches nothing from 127.0.0.1.
  download: async ({ url }) => ({ data: new Uint8Array(await (await fetch(url)).arrayBuffer()), mediaType: 'video/mp4' }),
  ...more,
});

export const scenarios = {
  // The chat model of this package adds the reasoning tokens to the completion tokens, which hold them already; what is charged is not touched by that.
  ...languageScenarios('chat', (to, id) => open(to)(id), { countsReasoningTwice: true }),
  ...languageScenarios('responses', (to, id) => open(to).responses(id), { providerOptions: { xai: { store: false } } }),

  async 'images'(to) {
    const { images } = await generateImage({ model: open(to).image(imagine), prompt: 'A cat', n: 2, aspectRatio: '16:9', maxRetries: 0 });
    assert.equal(images.length, 2);
    assert.ok(images.every(image => isJpeg(image.uint8Array)));
  },

  async 'image edit'(to) {
    const { images } = await generateImage({ model: open(to).image(imagine), prompt: { text: 'A hat', images: [png] }, maxRetries: 0 });
    assert.ok(isJpeg(images[0].uint8Array));
  },

  async 'image error'(to) {
    assertCallError(await thrownBy(generateImage({ model: open(to).image(imagine), prompt: 'A cat', n: 1, aspectRatio: '7:1', maxRetries: 0 })), 400, 'invalid_request_error');
  },

  async 'video'(to) {
    const { video, providerMetadata } = await film(to);
    assert.equal(Buffer.from(video.uint8Array).toString('latin1', 4, 8), 'ftyp');
    assert.ok(providerMetadata.xai);
  },

  async 'video error'(to) {
    assertCallError(await thrownBy(film(to, { duration: 99 })), 400, 'invalid_request_error');
  },

  async 'video that fails'(to) {
    const error = await thrownBy(film(to, { prompt: 'A cup of tea [[sim:video=failed]]' }));
    assert.equal(error.name, 'XAI_VIDEO_GENERATION_FAILED');
  },
};
