using LlmTr.XaiStreams;

// Answers every POST with a stream of events, as xAI does. Argument: where to listen.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[0]);
var app = builder.Build();
app.MapPost("/v1/responses", EventStream.AnswerAsync);
await app.RunAsync();
