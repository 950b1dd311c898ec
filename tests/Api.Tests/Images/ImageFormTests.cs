using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using LlmTr.Api.Requests;
using LlmTr.Api.Tests.Running;
using LlmTr.Money;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Images;

/// <summary>Edits as OpenAI's clients send them: forms with files.</summary>
public sealed class ImageFormTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4, 5];
    private static readonly byte[] Jpeg = [0xff, 0xd8, 0xff, 0xe0, 1, 2];

    private TestGateway _gateway = null!;
    private TestKey _key = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _key = await _gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync()
    {
        var large = _gateway.Services.GetRequiredService<LargeBodies>();
        await AfterAnswer.IsAsync(() => large.Bytes, 0, "every form gives its memory back");
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task OneImage_GoesAsImage_AndCostsWhatTheJsonDoes()
    {
        using var response = await EditAsync([("image", Png)], ("model", "xai/grok-imagine-image"), ("prompt", "a \"hat\" ş"), ("n", "1"), ("size", "1024x1024"), ("stream", "false"));

        response.EnsureSuccessStatusCode();
        var sent = Sent();
        sent.GetProperty("image").Text("url").Should().Be("data:image/png;base64," + Convert.ToBase64String(Png));
        (sent.Text("prompt"), sent.Text("aspect_ratio"), sent.Text("resolution")).Should().Be(("a \"hat\" ş", "1:1", "1k"));
        (await _key.SettledLedgerAsync()).Select(static entry => entry.Number("amount_ticks")).Should().Equal(400_000_000, 220_000_000);
    }

    [Theory]
    [InlineData("image[]")]
    [InlineData("image")]
    public async Task SeveralImages_GoAsImages_InTheirOrder_WhereverTheyStand(string name)
    {
        using var response = await EditAsync([(name, Png), (name, Jpeg)], ("model", "grok-imagine-image"), ("prompt", "both"));

        response.EnsureSuccessStatusCode();
        Sent().GetProperty("images").EnumerateArray().Select(static image => image.Text("url")).Should().Equal(
            "data:image/png;base64," + Convert.ToBase64String(Png), "data:image/jpeg;base64," + Convert.ToBase64String(Jpeg));
    }

    [Theory]
    [InlineData(48 * 1024)]
    [InlineData(48 * 1024 + 1)]
    [InlineData(3_000_001)]
    public async Task LargeImage_ArrivesWhole(int bytes)
    {
        var image = new byte[bytes];
        new Random(bytes).NextBytes(image);
        Png.CopyTo(image, 0);
        using var response = await EditAsync([("image", image)], ("model", "grok-imagine-image"), ("prompt", "p"));

        response.EnsureSuccessStatusCode();
        var arrived = _gateway.Xai.Requests.Single().Parts.Single();
        (arrived.Name, arrived.ContentType, arrived.Sha256).Should().Be(("image", "image/png", Convert.ToHexStringLower(SHA256.HashData(image))));
    }

    [Theory]
    [InlineData("mask", "x", "mask")]
    [InlineData("input_fidelity", "high", "input_fidelity")]
    [InlineData("background", "transparent", "background")]
    [InlineData("output_format", "png", "output_format")]
    [InlineData("output_compression", "80", "output_compression")]
    [InlineData("quality", "high", "quality")]
    [InlineData("size", "10x10", "size")]
    [InlineData("n", "eleven", "n")]
    [InlineData("prompt", "again", "prompt")]
    [InlineData("stream", "true", "stream")]
    public async Task WhatHasNoCounterpart_IsRefusedByName(string field, string value, string param)
    {
        using var response = await EditAsync([("image", Png)], ("model", "grok-imagine-image"), ("prompt", "p"), (field, value));

        var error = await response.ErrorAsync();
        (error.Status, error.Param).Should().Be((400, param));
        await NothingHappenedAsync();
    }

    [Fact]
    public async Task File_ThatIsNoImage_OrTooLarge_OrMissing_IsRefused()
    {
        var huge = new byte[10 * 1024 * 1024 + 1];
        Png.CopyTo(huge, 0);
        foreach (var files in new (string, byte[])[][] { [("image", "GIF89a"u8.ToArray())], [("image", [])], [("image", huge)], [], [.. Enumerable.Repeat(("image[]", Png), 6)] })
        {
            using var response = await EditAsync(files, ("model", "grok-imagine-image"), ("prompt", "p"));
            (await response.ErrorAsync()).Status.Should().Be(400);
        }

        await NothingHappenedAsync();
    }

    [Fact]
    public async Task IdempotencyKey_KnowsARepeat_ThoughItsBoundaryIsAnother()
    {
        using var first = await EditAsync([("image", Png)], "same", ("model", "grok-imagine-image"), ("prompt", "p"));
        using var repeat = await EditAsync([("image", Png)], "same", ("model", "grok-imagine-image"), ("prompt", "p"));
        using var other = await EditAsync([("image", Jpeg)], "same", ("model", "grok-imagine-image"), ("prompt", "p"));

        first.EnsureSuccessStatusCode();
        (await repeat.JsonAsync()).GetProperty("error").GetProperty("details").GetRawText().Should().Contain(first.Header("X-Request-Id"));
        (await other.ErrorAsync()).Status.Should().Be(409);
        _gateway.Xai.Requests.Should().HaveCount(1);
    }

    private JsonElement Sent() => JsonSerializer.Deserialize<JsonElement>(_gateway.Xai.Requests.Single().Body.Span);

    private async Task NothingHappenedAsync()
    {
        _gateway.Xai.Requests.Should().BeEmpty();
        (await _key.ReadAsync()).Should().Be(new TestAccount(UsdTicks.FromUsd(5), UsdTicks.Zero, 0));
    }

    private Task<HttpResponseMessage> EditAsync((string Name, byte[] Bytes)[] files, params (string Name, string Value)[] fields) => EditAsync(files, null, fields);

    private async Task<HttpResponseMessage> EditAsync((string Name, byte[] Bytes)[] files, string? idempotencyKey, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();

        // The first file stands before the fields and the others behind them: nobody promises an order.
        foreach (var (name, bytes) in files.Take(1))
            Add(name, bytes);
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        foreach (var (name, bytes) in files.Skip(1))
            Add(name, bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/edits") { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key.Text);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await _gateway.Http.SendAsync(request);

        void Add(string name, byte[] bytes)
        {
            var part = new ByteArrayContent(bytes);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(part, name, "picture");
        }
    }
}
