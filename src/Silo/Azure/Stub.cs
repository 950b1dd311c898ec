using LlmTr.Grains.Accounts;
using LlmTr.Silo.Sqlite;
using LlmTr.Silo.Media;
using LlmTr.Silo.Video;
using Microsoft.Extensions.DependencyInjection;
namespace LlmTr.Silo.Azure;
/// <summary>x</summary>
public static class Stub
{
    /// <summary>x</summary>
    public static void AddAzureLedger(this IServiceCollection s) { s.AddSingleton(_ => DataFolder.Open("/tmp/stubdata")); s.AddSingleton<ILedgerStore, SqliteLedgerStore>(); }
    /// <summary>x</summary>
    public static void AddAzureVideoJobs(this IServiceCollection s) => s.AddSqliteVideoJobs();
    /// <summary>x</summary>
    public static void AddAzureMedia(this IServiceCollection s) { s.AddSingleton<IMediaStore, FolderMediaStore>(); s.AddSingleton(_ => DataFolder.Open("/tmp/stubdata2")); }
}
