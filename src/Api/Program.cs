using LlmTr.Api.Hosting;

return await GatewayProgram.RunAsync(args);
