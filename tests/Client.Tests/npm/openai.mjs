// The official client of OpenAI: chat completions, the Responses API, images, voice, models.
import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import {
  badGateway, callsWeather, cutAnswer, cutStream, imagine, impatience, isJpeg, person, png, slow, slowStream, text, thrownBy, tooMany, wave, weather,
} from './samples.mjs';

const open = ({ baseUrl, key }, more) => new OpenAI({ baseURL: baseUrl, apiKey: key, maxRetries: 0, ...more });
const ask = content => ({ model: text, messages: [{ role: 'user', content }] });
const respond = input => ({ model: text, input });

/** Gives each call a key of its own, which the client's repeats of it carry too. */
class Careful extends OpenAI {
  idempotencyHeader = 'Idempotency-Key';
}

/** Fails unless the error is of that class of the client's and says so much. */
function assertError(error, type, expected) {
  assert.ok(error instanceof type, `expected ${type.name}, got ${error.constructor.name}: ${error.message}`);
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(error[name], value, `${name} of ${error.message}`);
  assert.ok(error.message.length > 10);
}

const chat = {
  async 'chat text'(to) {
    const answer = await open(to).chat.completions.create({
      model: text, max_completion_tokens: 500, messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hello' }],
    });
    assert.match(answer.choices[0].message.content, /simulator/);
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.equal(answer.model, text);
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
    assert.ok(answer.usage.cost_in_usd_ticks > 0);
  },

  async 'chat image'(to) {
    const answer = await open(to).chat.completions.create({
      model: text,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } }] }],
    });
    assert.match(answer.choices[0].message.content, /simulator/);
  },

  async 'chat stream'(to) {
    const stream = await open(to).chat.completions.create({ ...ask('Hello'), stream: true, stream_options: { include_usage: true } });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const pieces = chunks.map(chunk => chunk.choices[0]?.delta?.content ?? '').filter(piece => piece);
    assert.ok(pieces.length > 1);
    assert.match(pieces.join(''), /simulator/);
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.ok(chunks.at(-1).usage.total_tokens > 0);
  },

  async 'chat tools'(to) {
    const client = open(to);
    const tools = [{ type: 'function', function: { name: 'weather', description: 'The weather in a city', parameters: weather, strict: true } }];
    const messages = [{ role: 'user', content: callsWeather }];
    const first = await client.chat.completions.create({ model: text, messages, tools });
    assert.equal(first.choices[0].finish_reason, 'tool_calls');
    const [call] = first.choices[0].message.tool_calls;
    assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ['weather', { city: 'simulated' }]);

    messages.push(first.choices[0].message, { role: 'tool', tool_call_id: call.id, content: '{"celsius":31}' });
    const second = await client.chat.completions.create({ model: text, messages, tools });
    assert.match(second.choices[0].message.content, /tool returned 14 characters/);
  },

  async 'chat tools streamed'(to) {
    const asked = [];
    const runner = open(to).chat.completions.runTools({
      ...ask(callsWeather),
      stream: true,
      tools: [{
        type: 'function',
        function: { name: 'weather', description: 'The weather in a city', parameters: weather, parse: JSON.parse, function: given => (asked.push(given), { celsius: 31 }) },
      }],
    });
    assert.match(await runner.finalContent(), /tool returned/);
    assert.deepEqual(asked, [{ city: 'simulated' }]);
  },

  async 'chat structured'(to) {
    const answer = await open(to).chat.completions.parse({
      ...ask('A person'), response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema: person } },
    });
    assert.equal(answer.choices[0].message.parsed.name, 'simulated');
  },

  async 'chat stream left'(to) {
    let seen = 0;
    for await (const _ of await open(to).chat.completions.create({ ...ask(slowStream), stream: true })) if (++seen === 3) break;
    assert.equal(seen, 3);
  },

  async 'chat stream cut'(to) {
    const stream = await open(to).chat.completions.create({ ...ask(cutStream), stream: true });
    const error = await thrownBy((async () => { for await (const _ of stream); })());
    assertError(error, OpenAI.APIError, { status: undefined, type: 'provider_error', code: 'provider_error' });
  },
};

const responses = {
  async 'responses text'(to) {
    const answer = await open(to).responses.create({ ...respond('Hello'), instructions: 'Be brief.', max_output_tokens: 500, reasoning: { effort: 'low' } });
    assert.match(answer.output_text, /simulator/);
    assert.equal(answer.status, 'completed');
    assert.equal(answer.model, text);
    assert.ok(answer.usage.total_tokens > 0);
  },

  async 'responses stream'(to) {
    const stream = open(to).responses.stream(respond('Hello'));
    const pieces = [];
    stream.on('response.output_text.delta', event => pieces.push(event.delta));
    const answer = await stream.finalResponse();
    assert.ok(pieces.length > 1);
    assert.equal(pieces.join(''), answer.output_text);
    assert.ok(answer.usage.total_tokens > 0);
  },

  async 'responses tools'(to) {
    const client = open(to);
    const more = {
      model: text, store: false, include: ['reasoning.encrypted_content'],
      tools: [{ type: 'function', name: 'weather', description: 'The weather in a city', parameters: weather, strict: true }],
    };
    const input = [{ role: 'user', content: callsWeather }];
    const first = await client.responses.create({ ...more, input });
    const call = first.output.find(item => item.type === 'function_call');
    assert.ok(first.output.find(item => item.type === 'reasoning').encrypted_content.length > 100);
    assert.deepEqual([call.name, JSON.parse(call.arguments)], ['weather', { city: 'simulated' }]);

    input.push(...first.output, { type: 'function_call_output', call_id: call.call_id, output: '{"celsius":31}' });
    const second = await client.responses.create({ ...more, input });
    assert.match(second.output_text, /tool returned 14 characters/);
  },

  async 'responses structured'(to) {
    const answer = await open(to).responses.parse({ ...respond('A person'), text: { format: { type: 'json_schema', name: 'person', strict: true, schema: person } } });
    assert.equal(answer.output_parsed.name, 'simulated');
  },

  async 'responses stream left'(to) {
    const stream = await open(to).responses.create({ ...respond(slowStream), stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 5) stream.controller.abort();
    assert.ok(seen >= 5);
  },

  async 'responses stream cut'(to) {
    const stream = await open(to).responses.create({ ...respond(cutStream), stream: true });
    const error = await thrownBy((async () => { for await (const _ of stream); })());
    assertError(error, OpenAI.APIError, { status: undefined, type: 'provider_error', code: 'provider_error' });
  },
};

const media = {
  async 'images'(to) {
    const { data } = await open(to).images.generate({ model: imagine, prompt: 'A cat', n: 2, size: '1536x1024', response_format: 'b64_json' });
    assert.equal(data.length, 2);
    for (const image of data) assert.ok(isJpeg(Buffer.from(image.b64_json, 'base64')));
  },

  async 'image url'(to) {
    const { data } = await open(to).images.generate({ model: imagine, prompt: 'A cat' });
    const file = await fetch(data[0].url);
    assert.ok(isJpeg(Buffer.from(await file.arrayBuffer())));
  },

  async 'image edit'(to) {
    const { data } = await open(to).images.edit({ model: imagine, prompt: 'A hat', image: await toFile(png, 'a.png', { type: 'image/png' }), response_format: 'b64_json' });
    assert.ok(isJpeg(Buffer.from(data[0].b64_json, 'base64')));
  },

  async 'image edit of two'(to) {
    const image = [await toFile(png, 'a.png', { type: 'image/png' }), await toFile(png, 'b.png', { type: 'image/png' })];
    const { data } = await open(to).images.edit({ model: imagine, prompt: 'Both', image, n: 2, size: '1024x1024' });
    assert.equal(data.length, 2);
  },

  async 'speech'(to) {
    const answer = await open(to).audio.speech.create({ model: 'xai/grok-voice-tts', input: 'Merhaba', voice: 'eve', response_format: 'wav' });
    assert.equal(Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 4), 'RIFF');
  },

  async 'transcription'(to) {
    const answer = await open(to).audio.transcriptions.create({ model: 'xai/grok-voice-stt', file: await toFile(wave(2000), 'a.wav') });
    assert.equal(answer.text, 'Merhaba dünya.');
  },

  async 'transcription verbose'(to) {
    const answer = await open(to).audio.transcriptions.create({
      model: 'xai/grok-voice-stt', file: await toFile(wave(2000), 'a.wav'), response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'], temperature: 0,
    });
    assert.equal(answer.words.length, 2);
    assert.equal(answer.segments[0].text, 'Merhaba dünya.');
  },

  async 'transcription srt'(to) {
    const answer = await open(to).audio.transcriptions.create({ model: 'xai/grok-voice-stt', file: await toFile(wave(2000), 'a.wav'), response_format: 'srt' });
    assert.match(answer, /00:00:00,000 --> /);
  },

  async 'models'(to) {
    const client = open(to);
    const ids = [];
    for await (const { id } of client.models.list()) ids.push(id);
    assert.ok(ids.includes(text) && ids.includes(imagine));
    assert.equal((await client.models.retrieve(text)).id, text);
  },
};

const failures = {
  async 'errors'(to) {
    const client = open(to);
    const create = (body, by = client) => thrownBy(by.chat.completions.create({ ...ask('Hello'), ...body }));
    const error = await create({ frobnicate: 1 });
    assertError(error, OpenAI.BadRequestError, { status: 400, type: 'invalid_request_error', code: 'invalid_request_error', param: 'frobnicate' });
    assert.equal(error.requestID, error.error.request_id);
    assertError(await create({ n: 2 }), OpenAI.BadRequestError, { status: 400, param: 'n' });
    assertError(await create({}, open(to, { apiKey: 'nobody' })), OpenAI.AuthenticationError, { status: 401, type: 'auth_error' });
    assertError(await create({}, open(to, { apiKey: to.poorKey })), OpenAI.APIError, { status: 402, type: 'insufficient_balance' });
    assertError(await create({ model: 'gpt-5' }), OpenAI.NotFoundError, { status: 404, type: 'model_not_found' });
    assertError(await create(ask(tooMany)), OpenAI.RateLimitError, { status: 429, type: 'rate_limit_exceeded' });
    assertError(await create(ask(badGateway)), OpenAI.InternalServerError, { status: 502, type: 'provider_error' });
    assertError(await thrownBy(client.responses.create({ ...respond('Hello'), previous_response_id: 'x' })), OpenAI.BadRequestError, { status: 400, type: 'unsupported_capability' });
    assertError(await thrownBy(client.images.generate({ model: imagine, prompt: 'x', size: '7x7' })), OpenAI.BadRequestError, { status: 400, param: 'size' });
    assertError(await thrownBy(client.audio.speech.create({ model: 'xai/grok-voice-tts', input: 'x', voice: 'eve', response_format: 'opus' })), OpenAI.BadRequestError, { status: 400, param: 'response_format' });
    assertError(await thrownBy(client.models.retrieve('gpt-5')), OpenAI.NotFoundError, { status: 404, type: 'model_not_found' });
  },

  async 'retry of what was not sent'(to) {
    const answer = await open(to, { maxRetries: 1 }).chat.completions.create(ask('Hello'));
    assert.match(answer.choices[0].message.content, /simulator/);
  },

  async 'no answer came'(to) {
    assertError(await thrownBy(open(to, { maxRetries: 2 }).chat.completions.create(ask(badGateway))), OpenAI.InternalServerError, { status: 502 });
  },

  async 'half an answer came'(to) {
    assertError(await thrownBy(open(to, { maxRetries: 2 }).chat.completions.create(ask(cutAnswer))), OpenAI.InternalServerError, { status: 502 });
  },

  async 'timeout'(to) {
    assertError(await thrownBy(open(to, { timeout: impatience }).chat.completions.create(ask(slow))), OpenAI.APIConnectionTimeoutError, {});
  },

  async 'timeout, repeated'(to) {
    assertError(await thrownBy(open(to, { timeout: impatience, maxRetries: 1 }).chat.completions.create(ask(slow))), OpenAI.APIConnectionTimeoutError, {});
  },

  async 'timeout, repeated with a key'(to) {
    const client = new Careful({ baseURL: to.baseUrl, apiKey: to.key, timeout: impatience, maxRetries: 1 });
    const error = await thrownBy(client.chat.completions.create(ask(slow)));
    assertError(error, OpenAI.ConflictError, { status: 409, type: 'idempotency_conflict' });
  },

  async 'keys of many calls'(to) {
    const client = new Careful({ baseURL: to.baseUrl, apiKey: to.key });
    for (const prompt of ['Hello', 'Hello']) assert.match((await client.chat.completions.create(ask(prompt))).choices[0].message.content, /simulator/);
    assert.ok((await client.models.list()).data.length > 0);
  },
};

export const scenarios = { ...chat, ...responses, ...media, ...failures };
