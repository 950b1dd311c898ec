// What every language model of Vercel's AI SDK must do, whichever provider package speaks for it.
import assert from 'node:assert/strict';
import { APICallError, generateText, jsonSchema, Output, RetryError, stepCountIs, streamText, tool } from 'ai';
import {
  badGateway, callsWeather, cutAnswer, cutStream, impatience, person, png, slow, slowStream, text, thrownBy, tooMany, weather,
} from './samples.mjs';

/** Fails unless the error is the SDK's own for an answer of the gateway. */
export function assertCallError(error, status, type) {
  assert.ok(APICallError.isInstance(error), `expected APICallError, got ${error.name}: ${error.message}`);
  assert.equal(error.statusCode, status, error.message);
  assert.equal(error.data.error.type, type);
  assert.equal(error.message, error.data.error.message);
  assert.equal(error.responseHeaders['x-request-id'], JSON.parse(error.responseBody).error.request_id);
}

/** Scenarios of a language model; `modelOf` makes it from base URL, key and model id, `options` are the provider's own. */
export function languageScenarios(prefix, modelOf, { providerOptions, countsReasoningTwice = false } = {}) {
  const run = (to, prompt, more) => generateText({ model: modelOf(to, text), prompt, maxRetries: 0, providerOptions, ...more });
  const tools = calls => ({
    weather: tool({ description: 'The weather in a city', inputSchema: jsonSchema(weather), execute: given => (calls.push(given), { celsius: 31 }) }),
  });
  const scenarios = {
    async 'text'(to) {
      const answer = await run(to, 'Hello', { system: 'Be brief.', maxOutputTokens: 500 });
      assert.match(answer.text, /simulator/);
      assert.equal(answer.finishReason, 'stop');
      assert.match(answer.reasoningText, /Hello/);
      assert.ok(answer.usage.inputTokens > 0 && answer.usage.outputTokens > answer.usage.outputTokenDetails.reasoningTokens);
      const { completion_tokens, output_tokens } = answer.usage.raw;
      const reported = completion_tokens ?? output_tokens;
      assert.equal(answer.usage.outputTokens, countsReasoningTwice ? reported + answer.usage.outputTokenDetails.reasoningTokens : reported);
    },

    async 'image'(to) {
      const answer = await generateText({
        model: modelOf(to, text), maxRetries: 0,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image', image: png, mediaType: 'image/png' }] }],
      });
      assert.match(answer.text, /simulator/);
    },

    async 'stream'(to) {
      const answer = streamText({ model: modelOf(to, text), prompt: 'Hello', maxRetries: 0 });
      const pieces = [];
      for await (const piece of answer.textStream) pieces.push(piece);
      assert.ok(pieces.length > 1);
      assert.match(pieces.join(''), /simulator/);
      assert.equal(await answer.finishReason, 'stop');
      assert.ok((await answer.usage).outputTokens > 0);
    },

    async 'tools'(to) {
      const calls = [];
      const answer = await run(to, callsWeather, { tools: tools(calls), stopWhen: stepCountIs(3) });
      assert.deepEqual(calls, [{ city: 'simulated' }]);
      assert.deepEqual(answer.steps.map(step => step.finishReason), ['tool-calls', 'stop']);
      assert.match(answer.text, /tool returned 14 characters/);
    },

    async 'tools streamed'(to) {
      const calls = [];
      const answer = streamText({ model: modelOf(to, text), prompt: callsWeather, tools: tools(calls), stopWhen: stepCountIs(3), maxRetries: 0, providerOptions });
      let said = '';
      for await (const piece of answer.textStream) said += piece;
      assert.deepEqual(calls, [{ city: 'simulated' }]);
      assert.match(said, /tool returned 14 characters/);
    },

    async 'structured'(to) {
      const { output } = await run(to, 'A person', { output: Output.object({ schema: jsonSchema(person) }) });
      assert.equal(output.name, 'simulated');
    },

    async 'stream left'(to) {
      const leave = new AbortController();
      const answer = streamText({ model: modelOf(to, text), prompt: slowStream, maxRetries: 0, abortSignal: leave.signal });
      const types = [];
      for await (const { type } of answer.fullStream) {
        types.push(type);
        if (type === 'text-delta') leave.abort();
      }
      assert.equal(types.at(-1), 'abort');
    },

    async 'stream cut'(to) {
      const errors = [];
      const answer = streamText({ model: modelOf(to, text), prompt: cutStream, maxRetries: 0, onError: ({ error }) => errors.push(error) });
      const parts = [];
      for await (const part of answer.fullStream) parts.push(part.type);
      assert.ok(parts.includes('error'), parts.join());
      assert.equal(errors.length, 1);
    },

    async 'errors'(to) {
      assertCallError(await thrownBy(run(to, 'Hello', { temperature: 7 })), 400, 'invalid_request_error');
      assertCallError(await thrownBy(run({ ...to, key: 'nobody' }, 'Hello')), 401, 'auth_error');
      assertCallError(await thrownBy(run({ ...to, key: to.poorKey }, 'Hello')), 402, 'insufficient_balance');
      assertCallError(await thrownBy(run(to, 'Hello', { model: modelOf(to, 'gpt-5') })), 404, 'model_not_found');
      assertCallError(await thrownBy(run(to, tooMany)), 429, 'rate_limit_exceeded');
      assertCallError(await thrownBy(run(to, badGateway)), 502, 'provider_error');
    },

    async 'retry of what was not sent'(to) {
      assert.match((await run(to, 'Hello', { maxRetries: 1 })).text, /simulator/);
    },

    async 'no answer came'(to) {
      assert.ok(RetryError.isInstance(await thrownBy(run(to, badGateway, { maxRetries: 1 }))));
    },

    async 'half an answer came'(to) {
      assert.ok(RetryError.isInstance(await thrownBy(run(to, cutAnswer, { maxRetries: 1 }))));
    },

    async 'half an answer came, repeated with a key'(to) {
      const error = await thrownBy(run(to, cutAnswer, { maxRetries: 1, headers: { 'Idempotency-Key': 'one-order' } }));
      assert.ok(RetryError.isInstance(error));
      assertCallError(error.lastError, 409, 'idempotency_conflict');
    },

    async 'timeout'(to) {
      assert.equal((await thrownBy(run(to, slow, { maxRetries: 2, abortSignal: AbortSignal.timeout(impatience) }))).name, 'TimeoutError');
    },
  };
  return Object.fromEntries(Object.entries(scenarios).map(([name, scenario]) => [`${prefix} ${name}`, scenario]));
}
