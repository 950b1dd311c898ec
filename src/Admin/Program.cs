using LlmTr.Admin;

return await AdminCommandLine.RunAsync(args, Console.Out, Console.Error);
