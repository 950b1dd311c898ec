using LlmTr.XaiStreams;

// Answers every POST with a stream of events, as xAI does, whatever the path. Argument: where to listen.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[0]);
var app = builder.Build();
app.MapPost("{**path}", EventStream.AnswerAsync);
await app.RunAsync();
