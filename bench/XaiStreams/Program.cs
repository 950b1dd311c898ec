using LlmTr.XaiStreams;

// Answers every POST with a stream of events, as xAI does, whatever the path. Argument: where to listen.
// The program's own folder: the usual one, where the benchmark was started, is watched for changes with all below it, and every write to a ledger there would wake this process.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[0]);
var app = builder.Build();
app.MapPost("{**path}", EventStream.AnswerAsync);
await app.RunAsync();
