using LlmTr.Api.Metering;

namespace LlmTr.Api.Tests.Metering;

public sealed class MeteringOptionsTests
{
    /// <summary>The last frame of a stream waits for its client before it is settled: by then all of the call's time and all of the client's may have gone.</summary>
    [Theory]
    [InlineData("00:00:01")]
    [InlineData("00:05:00")]
    [InlineData("01:00:00")]
    public void HoldOfAText_OutlivesTheCall_TheClientsPatience_AndTheSettlementsRetries(string patience)
    {
        var options = new MeteringOptions { ClientPatience = TimeSpan.Parse(patience, System.Globalization.CultureInfo.InvariantCulture) };

        options.IsValid.Should().BeTrue();
        options.TextHoldLifetime.Should().BeGreaterThan(options.HoldFreshness + options.TextLimit + options.ClientPatience + options.SettleRetries);
    }
}
