using LlmTr.Silo.Hosting;

return await SiloProgram.RunAsync(args);
