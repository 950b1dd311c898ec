// What the scenarios of all clients send.
import assert from 'node:assert/strict';

export const text = 'xai/grok-4.3';
export const imagine = 'xai/grok-imagine-image';

// Words in [[sim:…]] tell the simulated xAI how to behave.
export const callsWeather = 'What is the weather in Ankara? [[sim:call=weather]]';
export const slow = 'Hello [[sim:delay_ms=2000]]';
export const slowStream = 'Hello [[sim:answer_bytes=500;pace_ms=5]]';
export const badGateway = 'Hello [[sim:fault=bad-gateway]]';
export const cutAnswer = 'Hello [[sim:cut=body;after=300]]';
export const cutStream = 'Hello [[sim:cut=stream;after=8]]';
export const tooMany = 'Hello [[sim:fault=rate]]';

/** Less than `slow` takes, milliseconds. */
export const impatience = 700;

export const weather = {
  type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false,
};

export const person = {
  type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name', 'age'], additionalProperties: false,
};

/** What begins as a PNG: nobody here looks further. */
export const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100, 1)]);

/** Silence of one channel, 8 kHz, 16 bits. */
export function wave(milliseconds) {
  const samples = milliseconds * 16;
  const file = Buffer.alloc(44 + samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(16000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples, 40);
  return file;
}

/** True of a JPEG, which is what xAI makes. */
export const isJpeg = bytes => bytes[0] === 0xff && bytes[1] === 0xd8;

/** What a promise is rejected with; fails when it is not. */
export async function thrownBy(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}
