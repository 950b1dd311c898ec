using System.Globalization;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Files;

/// <summary>
/// The stores of generated files, images and videos, which ask for no key: <c>200 image/jpeg</c>, an ETag of 32 digits, four hours in caches (xAI contract,
/// sections 5.3 and 6.3). That they serve ranges is captured by a header only.
/// </summary>
internal sealed class FileArea(FileShelf shelf) : IArea, IAsked
{
    private static readonly TimeSpan CachedFor = TimeSpan.FromSeconds(14_400);

    /// <summary>Where the paths of files begin.</summary>
    public static IReadOnlyList<string> Roots { get; } = ["/xai-imgen/", "/xai-vidgen-bucket/"];

    public IReadOnlyList<string> Methods => ["GET", "HEAD"];

    public IAsked Read(Incoming incoming) => this;

    public Reply Answer(Turn turn)
    {
        if (turn.Scripted(HeaderSet.File) is { } scripted)
            return scripted;
        if (shelf.Find(turn.Incoming.Path) is not { } file)
            return Gone(404);
        return file.GoneAt <= turn.Now ? Gone(file.GoneStatus) : Serve(file, turn);
    }

    // The body of a file that is gone was never seen.
    private static Reply Gone(int status) => new(status, MediaTypeNames.Text.Plain, [Encoding.ASCII.GetBytes(status == 404 ? "Not Found" : "Forbidden")]);

    private static Reply Serve(HostedFile file, Turn turn)
    {
        var incoming = turn.Incoming;
        var content = file.Open();
        var size = content.Length;
        var etag = $"\"{ETag(incoming.Path, size)}\"";
        var range = incoming.IfRange is null || incoming.IfRange == etag ? ByteRange.Read(incoming.Range, size) : ByteRange.Whole(size);
        List<KeyValuePair<string, string>> headers =
        [
            new("Accept-Ranges", "bytes"),
            new("Etag", etag),
            new("Last-Modified", file.Made.ToString("R", CultureInfo.InvariantCulture)),
            new("Expires", (turn.Now + CachedFor).ToString("R", CultureInfo.InvariantCulture)),
            new("Cache-Control", $"public, max-age={CachedFor.TotalSeconds:F0}"),
        ];
        if (range.ContentRange is { } contentRange)
            headers.Add(new("Content-Range", contentRange));
        return new Reply(range.Status, file.Sample.ContentType, incoming.Method == "HEAD" ? [] : Pieces.Of(content, range.Start, range.Length, turn.Behaviour.Pieces))
        {
            Headers = HeaderSet.File,
            Length = range.Length,
            Extra = headers,
        };
    }

    // MD5 because the captured ETag has its length; it is a name for a file, not a seal on it.
#pragma warning disable CA5351
    private static string ETag(string path, long size) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{path} {size}")));
#pragma warning restore CA5351
}
