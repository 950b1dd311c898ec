using LlmTr.Xai.Wire;

namespace LlmTr.Xai.Tests.Wire;

public class XaiOptionsTests
{
    [Fact]
    public void Options_AsShipped_AreFitForUse() => new XaiOptions().FindProblems().Should().BeEmpty();

    [Theory]
    [InlineData("https://api.x.ai/v1")]
    [InlineData("https://api.x.ai/v1/")]
    [InlineData("http://127.0.0.1:9000/v1")]
    [InlineData("http://simulator:9000")]
    public void BaseUrl_OfAServer_IsAccepted(string url) => new XaiOptions { BaseUrl = url }.FindProblems().Should().BeEmpty();

    [Theory]
    [InlineData("", "*absolute http or https*")]
    [InlineData("api.x.ai/v1", "*absolute http or https*")]
    [InlineData("/v1", "*absolute http or https*")]
    [InlineData("ftp://api.x.ai/v1", "*absolute http or https*")]
    [InlineData("https://api.x.ai/v1?a=b", "*no user, query or fragment*")]
    [InlineData("https://api.x.ai/v1#a", "*no user, query or fragment*")]
    [InlineData("https://user:secret@api.x.ai/v1", "*no user, query or fragment*")]
    [InlineData("http://api.x.ai/v1", "*must use https*")]
    [InlineData("http://API.X.AI/v1", "*must use https*")]
    public void BaseUrl_OfNoUse_IsNamed(string url, string sentence) =>
        new XaiOptions { BaseUrl = url }.FindProblems().Should().ContainSingle().Which.Should().Match(sentence).And.NotContain("secret");

    [Theory]
    [InlineData("xai abc")]
    [InlineData("xai-abc\n")]
    [InlineData("xai-ü")]
    [InlineData("\"xai\"\t")]
    public void ApiKey_OfStrangeCharacters_IsNamedWithoutItself(string key) =>
        new XaiOptions { ApiKey = key }.FindProblems().Should().ContainSingle().Which.Should().Contain("API key").And.NotContain(key);

    [Fact]
    public void ApiKey_TooLong_IsNamed() => new XaiOptions { ApiKey = new string('x', 513) }.FindProblems().Should().ContainSingle();

    [Theory]
    [InlineData(0, 30, 300, "ConnectTimeoutSeconds*1 to 120*0")]
    [InlineData(121, 30, 300, "ConnectTimeoutSeconds*121*")]
    [InlineData(10, 0, 300, "IdleConnectionSeconds*1 to 300*")]
    [InlineData(10, 301, 300, "IdleConnectionSeconds*")]
    [InlineData(10, 30, 9, "ConnectionLifetimeSeconds*10 to 3600*")]
    [InlineData(10, 30, 3601, "ConnectionLifetimeSeconds*")]
    public void Seconds_OutOfRange_AreNamed(int connect, int idle, int lifetime, string sentence) =>
        new XaiOptions { ConnectTimeoutSeconds = connect, IdleConnectionSeconds = idle, ConnectionLifetimeSeconds = lifetime }
            .FindProblems().Should().ContainSingle().Which.Should().Match(sentence + "*");

    [Fact]
    public void Problems_OfSeveralValues_AreAllNamed() =>
        new XaiOptions { BaseUrl = "x", ApiKey = " ", ConnectTimeoutSeconds = -1 }.FindProblems().Should().HaveCount(3);
}
