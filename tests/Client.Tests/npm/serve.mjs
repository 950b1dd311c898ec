// Runs the scenarios of the client that the command line names: a line {scenario, baseUrl, key, poorKey} in, a line {scenario, error} out.
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';

// Standard output is for answers.
console.log = console.info = console.debug = console.warn = console.error;
globalThis.AI_SDK_LOG_WARNINGS = false;

const { scenarios } = await import(`./${process.argv[2]}.mjs`);
for await (const line of createInterface({ input: process.stdin })) {
  const { scenario, ...to } = JSON.parse(line);
  let error = null;
  try {
    if (!Object.hasOwn(scenarios, scenario)) throw new Error(`${process.argv[2]}.mjs has no such scenario`);
    await scenarios[scenario](to);
  } catch (thrown) {
    error = inspect(thrown, { depth: 4 });
  }
  process.stdout.write(`${JSON.stringify({ scenario, error })}\n`);
}
