// Loaded before Portkey, which on Node answers every stream with a 500: it adds headers to what fetch returned, and those cannot be changed (Portkey-AI/gateway,
// issues 1389 and 1550). So a stream's answer gets headers that can. Other answers are left as they are.
const original = globalThis.fetch;
globalThis.fetch = async (...request) => {
  const answer = await original(...request);
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer;
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers: new Headers(answer.headers) });
};
