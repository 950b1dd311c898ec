using System.Net;
using System.Text;
using LlmTr.Api.Requests;
using LlmTr.Api.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace LlmTr.Api.Tests.Requests;

/// <summary>A count of a long input takes a core for a while, so it waits its turn; nothing else waits for it.</summary>
public sealed class CountedInputTests
{
    // 10 tokens of o200k, 45 bytes.
    private const string Sentence = "The quick brown fox jumps over the lazy dog. ";

    [Fact]
    public async Task InputNearTheCeiling_WaitsForItsTurn_AndOthersDoNot()
    {
        await using var gateway = await TestGateway.StartAsync(configuration: new() { ["Metering:LargeBodyPatience"] = "00:00:00.1" });
        var key = await gateway.CreateKeyAsync();
        var turns = gateway.Services.GetRequiredService<LargeBodies>();
        var taken = 0;
        while (await turns.EnterAsync(CancellationToken.None))
            taken++;

        // 50,000 tokens of text and 2,048 an image: about 199,800, 173,000 and 235,000 of 200,000, in bodies too small to wait for their parsing.
        using var near = await key.PostAsync(Body(images: 73));
        using var below = await key.PostAsync(Body(images: 60));
        using var above = await key.PostAsync(Body(images: 90));

        (await near.ErrorAsync()).Should().Be((503, "provider_unavailable", null));
        below.StatusCode.Should().Be(HttpStatusCode.OK);
        above.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);

        for (; taken > 0; taken--)
            turns.Exit();
        using var again = await key.PostAsync(Body(images: 73));
        again.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    // 290,000 bytes, 198,500 tokens: by its sample it may have 200,000 and more, at twice the price.
    [Fact]
    public async Task CountedInput_IsQuotedByItsCount()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.CreateKeyAsync();
        var random = new byte[290_000 / 4 * 3];
        new Random(1).NextBytes(random);

        using var answer = await key.PostAsync(
            $$"""{"model":"xai/grok-4.3","max_output_tokens":300,"input":"{{Convert.ToBase64String(random)}}"}""", headers: ("X-LLMTR-Dry-Run", "true"));

        (await answer.JsonAsync()).Number("quote_ticks").Should().BeInRange(197_000L * 12_500, (200_000L * 12_500) + (300 * 25_000));
    }

    private static string Body(int images)
    {
        var parts = Enumerable.Repeat("""{"type":"input_image","image_url":"https://e.org/a.png"}""", images)
            .Append($$"""{"type":"input_text","text":"{{new StringBuilder().Insert(0, Sentence, 5_000)}}"}""");
        return $$"""{"model":"xai/grok-4.3","max_output_tokens":300,"input":[{"role":"user","content":[{{string.Join(',', parts)}}]}]}""";
    }
}
