using LlmTr.Money;
using LlmTr.Xai.Responses;

namespace LlmTr.Xai.Tests.Responses;

public class ReportedUsageTests
{
    [Theory]
    [InlineData("2218500", ReportedCostKind.Value, 2218500)]
    [InlineData("0", ReportedCostKind.Value, 0)]
    [InlineData("-0", ReportedCostKind.Value, 0)]
    [InlineData("9223372036854775807", ReportedCostKind.Value, long.MaxValue)]
    [InlineData("9223372036854775808", ReportedCostKind.Unusable, 0)]
    [InlineData("-1", ReportedCostKind.Unusable, 0)]
    [InlineData("1.5", ReportedCostKind.Unusable, 0)]
    [InlineData("2218500.0", ReportedCostKind.Unusable, 0)]
    [InlineData("1e3", ReportedCostKind.Unusable, 0)]
    [InlineData("\"2218500\"", ReportedCostKind.Unusable, 0)]
    [InlineData("true", ReportedCostKind.Unusable, 0)]
    [InlineData("{\"ticks\":5}", ReportedCostKind.Unusable, 0)]
    [InlineData("[5]", ReportedCostKind.Unusable, 0)]
    [InlineData("null", ReportedCostKind.Null, 0)]
    public void Cost_OfAnyForm_IsAnAmountOnlyWhenItIsOne(string value, ReportedCostKind kind, long ticks)
    {
        var usage = Body($$"""{"usage":{"cost_in_usd_ticks":{{value}},"input_tokens":3} }""").Usage;
        usage.Cost.Kind.Should().Be(kind);
        usage.Cost.TryGetAmount(out var amount).Should().Be(kind == ReportedCostKind.Value);
        amount.Should().Be(new UsdTicks(ticks));
        usage.InputTokens.Should().Be(3, "what follows a strange value is read all the same");
    }

    [Fact]
    public void Cost_WithoutTheMember_IsMissing()
    {
        Body("""{"usage":{"input_tokens":1}}""").Usage.Cost.Should().Be(ReportedCost.Missing);
        Body("""{}""").Usage.Cost.Should().Be(ReportedCost.Missing);
    }

    [Fact]
    public void Cost_BelowZero_CannotBeMade()
    {
        var make = () => ReportedCost.Of(new UsdTicks(-1));
        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"much\"")]
    [InlineData("7")]
    public void Usage_ThatIsNoObject_IsNotPresent(string usage) => Body($$"""{"usage":{{usage}},"status":"completed"}""").Usage.Should().Be(default(ReportedUsage));

    [Fact]
    public void Counts_OfWrongForm_AreUnknownAndNotZero()
    {
        var usage = Body("""{"usage":{"input_tokens":"5","output_tokens":-1,"input_tokens_details":null,"output_tokens_details":{"reasoning_tokens":1.5},"num_server_side_tools_used":[1]}}""").Usage;
        usage.Should().Be(Body("""{"usage":{}}""").Usage);
        usage.IsPresent.Should().BeTrue();
        usage.InputTokens.Should().BeNull();
        usage.OutputTokens.Should().BeNull();
        usage.CachedTokens.Should().BeNull();
        usage.ReasoningTokens.Should().BeNull();
        usage.ServerSideToolsUsed.Should().BeNull();
    }

    [Fact]
    public void Counts_OfTheLastContext_AreNotTheBilledOnes() =>
        Body("""{"usage":{"context_details":{"input_tokens":9,"output_tokens":9},"input_tokens":1,"output_tokens":2}}""").Usage.InputTokens.Should().Be(1);

    [Fact]
    public void ServerSideTools_ThatRan_AreCounted() =>
        Body("""{"usage":{"num_server_side_tools_used":6,"server_side_tool_usage_details":{"web_search_calls":1}}}""").Usage.ServerSideToolsUsed.Should().Be(6);

    private static ResponseReading Body(string json) => ResponseReadingTests.Body(json);
}
