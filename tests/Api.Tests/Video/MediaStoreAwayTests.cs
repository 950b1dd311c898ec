using System.Net;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Video;

/// <summary>A full disk or a store that cannot be reached is nobody's fault who asks, and passes: 503, and nothing is begun that could cost something.</summary>
public sealed class MediaStoreAwayTests : IAsyncLifetime
{
    private const string Image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    private readonly FaultyMedia _media = new();
    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(configuration: VideoGateway.Fast, customize: _media.Install);
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Image_ThatCannotBeKept_Is503_AndBeginsNothing()
    {
        _media.IsAway = true;
        using var response = await _key.StartVideoAsync(WithImage("away"), ("Idempotency-Key", "k"));

        (await response.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        response.Header("Retry-After").Should().NotBeNull();
        (await _key.LedgerAsync()).Should().BeEmpty();
        _gateway.Xai.VideoBooks.Started.Should().Be(0);

        _media.IsAway = false;
        using var again = await _key.StartVideoAsync(WithImage("away"), ("Idempotency-Key", "k"));
        again.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Conflict_WhoseImageCannotBeDeleted_IsStillAConflict()
    {
        using var first = await _key.StartVideoAsync(WithImage("first"), ("Idempotency-Key", "k"));
        first.StatusCode.Should().Be(HttpStatusCode.OK);
        _media.IsAway = true;

        using var second = await _key.StartVideoAsync(WithImage("second"), ("Idempotency-Key", "k"));

        (await second.ErrorAsync()).Should().Be((409, "idempotency_conflict", "Idempotency-Key"));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(false, "bytes=4-7")]
    public async Task Content_ThatCannotBeRead_Is503_AndIsKeptByNobody(bool isAway, string? range)
    {
        var job = await _key.FinishedAsync();
        (_media.IsAway, _media.BreaksOff) = (isAway, !isAway);
        var path = $"{VideoGateway.Path}/{job.Text("id")}/content";

        using var response = await (range is null ? _key.GetAsync(path) : _key.GetAsync(path, ("Range", range)));

        (await response.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        response.Headers.ETag.Should().BeNull();
        response.Headers.CacheControl.Should().BeNull();
        response.Content.Headers.ContentDisposition.Should().BeNull();
        response.Content.Headers.ContentRange.Should().BeNull();
        response.Content.Headers.LastModified.Should().BeNull();
    }

    private static string WithImage(string prompt) => VideoGateway.With($$""","image":{"url":"{{Image}}"}""", prompt);
}
