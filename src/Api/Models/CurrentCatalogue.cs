using LlmTr.Xai.Catalogue;

namespace LlmTr.Api.Models;

/// <summary>
/// The catalogue of this moment. Its file is looked at every few seconds, since a file that is swapped by a link, as in a mounted volume, raises no event that can be relied on; a
/// changed one takes the place of the old one, or is refused in the log while the old one stays. A request that has begun keeps the catalogue that it began with.
/// </summary>
internal sealed partial class CurrentCatalogue(string path, TimeSpan interval, TimeProvider clock, ILogger<CurrentCatalogue> logger) : BackgroundService
{
    private volatile ModelCatalogue _value = ModelCatalogue.Load(path);
    private Version _seen = Version.Of(path);

    /// <summary>The catalogue.</summary>
    public ModelCatalogue Value => _value;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            LookAgain();
    }

    private void LookAgain()
    {
        var version = Version.Of(path);
        if (version == _seen)
            return;

        // Noted before it is read: what is written meanwhile is another version, and is read again.
        _seen = version;
        try
        {
            _value = ModelCatalogue.Load(path);
            LogReloaded(path, _value.Models.Length);
        }
        catch (CatalogueException exception)
        {
            LogRefused(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "The catalogue was read again from {Path}: {Models} models.")]
    private partial void LogReloaded(string path, int models);

    [LoggerMessage(LogLevel.Error, "The changed catalogue is refused, the one from before stays: {Complaint}")]
    private partial void LogRefused(string complaint);

    private readonly record struct Version(DateTime WrittenAt, long Bytes)
    {
        public static Version Of(string path)
        {
            try
            {
                // A link's own times do not change when its target is swapped.
                var file = new FileInfo(path);
                var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
                return new(target.LastWriteTimeUtc, target.Length);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Gone, or going: that too is another version, and its reading complains.
                return default;
            }
        }
    }
}
