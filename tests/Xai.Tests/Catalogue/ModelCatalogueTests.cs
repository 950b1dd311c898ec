using LlmTr.Money;
using LlmTr.Xai.Catalogue;

namespace LlmTr.Xai.Tests.Catalogue;

public class ModelCatalogueTests
{
    [Theory]
    [InlineData("xai/grok-4.3", "grok-4.3", 200_000)]
    [InlineData("xai/grok-4.20-multi-agent", "grok-4.20-multi-agent-0309", 1_000_000)]
    [InlineData("xai/grok-4.20-0309-reasoning", "grok-4.20-0309-reasoning", 1_000_000)]
    [InlineData("xai/grok-4.20-0309-non-reasoning", "grok-4.20-0309-non-reasoning", 1_000_000)]
    public void ShippedCatalogue_SellsModel_AtTheContractsPrices(string id, string upstream, int ceiling)
    {
        var model = Shipped.Text(id);

        model.Id.Should().Be(id);
        model.UpstreamModel.Should().Be(upstream);
        model.InputCeilingTokens.Should().Be(ceiling);
        model.Disabled.Should().BeFalse();
        model.Serves("/v1/responses").Should().BeTrue();
        model.Serves("/v1/images/generations").Should().BeFalse();
        model.Prices.Should().Be(new TextPrices(new UsdTicks(12_500), new UsdTicks(2_000), new UsdTicks(25_000)));
        model.LongContextPrices.Should().Be(new TextPrices(new UsdTicks(25_000), new UsdTicks(4_000), new UsdTicks(50_000)));
        model.LongContextFromTokens.Should().Be(200_000);
        model.ContextTokens.Should().Be(1_000_000);
        model.DefaultMaxOutputTokens.Should().Be(128_000);
        model.LeastOutputTokens.Should().Be(256);
    }

    [Fact]
    public void ShippedCatalogue_HoldsExactlyWhatIsSold() =>
        Shipped.Catalogue.Models.Select(model => model.Id).Should().Equal(
            "xai/grok-4.3",
            "xai/grok-4.20-multi-agent",
            "xai/grok-4.20-0309-reasoning",
            "xai/grok-4.20-0309-non-reasoning",
            "xai/grok-imagine-image",
            "xai/grok-imagine-image-quality",
            "xai/grok-imagine-video",
            "xai/grok-voice-tts",
            "xai/grok-voice-stt");

    [Theory]
    [InlineData("grok-imagine-image", "1k", 1, 0, 200_000_000)]
    [InlineData("grok-imagine-image", "2k", 10, 0, 2_000_000_000)]
    [InlineData("grok-imagine-image", "1k", 1, 5, 1_200_000_000)]
    [InlineData("grok-imagine-image-quality", "1k", 1, 0, 400_000_000)]
    [InlineData("grok-imagine-image-quality", "2k", 2, 1, 1_800_000_000)]
    public void ShippedImageModel_CostsEveryImageAtItsResolution(string id, string resolution, int made, int given, long ticks) =>
        Shipped.Of<ImageModel>(id).Cost(resolution, made, given).Should().Be(new UsdTicks(ticks));

    [Theory]
    [InlineData("480p", 1, false, 500_000_000)]
    [InlineData("480p", 5, false, 2_500_000_000)]
    [InlineData("720p", 5, false, 3_500_000_000)]
    [InlineData("720p", 15, true, 10_520_000_000)]
    public void ShippedVideoModel_CostsEverySecondAndTheInputImage(string resolution, int seconds, bool fromImage, long ticks) =>
        Shipped.Of<VideoModel>("grok-imagine-video").Cost(resolution, seconds, fromImage).Should().Be(new UsdTicks(ticks));

    [Fact]
    public void ShippedVoiceModels_HaveTheContractsPricesAndLists()
    {
        var speech = Shipped.Of<SpeechModel>("grok-voice-tts");
        speech.PricePerCharacter.Should().Be(new UsdTicks(150_000));
        speech.Voices.Should().HaveCount(26).And.StartWith("eve");
        speech.Languages.Should().HaveCount(21).And.StartWith("auto");
        speech.FindVoice("EVE").Should().Be("eve");
        speech.FindVoice("nobody").Should().BeNull();
        Shipped.Of<TranscriptionModel>("grok-voice-stt").PricePerHour.Should().Be(new UsdTicks(1_000_000_000));
    }

    [Theory]
    [InlineData("grok-4.3", "none=1,low=1,medium=1,high=1", EffortLevel.Low, false)]
    [InlineData("grok-4.20-multi-agent", "low=4,medium=4,high=16,xhigh=16", EffortLevel.Low, true)]
    [InlineData("grok-4.20-0309-reasoning", "", null, false)]
    [InlineData("grok-4.20-0309-non-reasoning", "", null, false)]
    public void ShippedCatalogue_TakesEffort_AsTheContractSays(string id, string levels, EffortLevel? usual, bool sendsDefault)
    {
        var effort = Shipped.Text(id).Effort;

        string.Join(',', effort.Agents.Select(pair => $"{pair.Key.ToWord()}={pair.Value}")).Should().Be(levels);
        effort.Default.Should().Be(usual);
        effort.SendsDefault.Should().Be(sendsDefault);
    }

    [Fact]
    public void MultiAgent_IgnoresTheCap_HasALeastHoldAndTakesNoTools()
    {
        Shipped.MultiAgent.IgnoresMaxOutputTokens.Should().BeTrue();
        Shipped.MultiAgent.LeastHold.IsPositive.Should().BeTrue();
        Shipped.MultiAgent.FunctionTools.Should().BeFalse();
        Shipped.Grok43.IgnoresMaxOutputTokens.Should().BeFalse();
        Shipped.Grok43.LeastHold.Should().Be(UsdTicks.Zero);
    }

    [Theory]
    [InlineData("xai/grok-4.3", true)]
    [InlineData("grok-4.3", true)]
    [InlineData("xai/xai/grok-4.3", false)]
    [InlineData("Grok-4.3", false)]
    [InlineData("grok-4.3 ", false)]
    [InlineData("grok-4.20-multi-agent-0309", false)]
    [InlineData("", false)]
    [InlineData("xai/", false)]
    public void TryFind_TakesPublicIdsOnly(string id, bool found) => Shipped.Catalogue.TryFind(id, out _).Should().Be(found);

    [Theory]
    [InlineData("grok-3")]
    [InlineData("xai/grok-3-mini-fast")]
    [InlineData("grok-4-fast")]
    [InlineData("grok-4-fast-non-reasoning")]
    [InlineData("xai/grok-4-1-fast-reasoning")]
    public void TryFindRetired_KnowsTheNamesThatWent(string id)
    {
        Shipped.Catalogue.TryFindRetired(id, out var retired).Should().BeTrue();
        retired!.ReplacementModel.Should().Be("xai/grok-4.3");
        retired.RetirementDate.Should().Be(new DateOnly(2026, 5, 15));
    }

    [Theory]
    [InlineData("grok-4.3")]
    [InlineData("grok-2")]
    [InlineData("grok-4")]
    [InlineData("")]
    public void TryFindRetired_LeavesOtherNamesAlone(string id) => Shipped.Catalogue.TryFindRetired(id, out _).Should().BeFalse();

    [Fact]
    public void TryFind_AllocatesNothing()
    {
        Shipped.Catalogue.TryFind("xai/grok-4.3", out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Shipped.Catalogue.TryFind("xai/grok-4.3".AsSpan(), out _);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void AgentsAt_NoEffortOnAModelWhoseDefaultIsNotSent_IsTheMostOfAnyLevel()
    {
        var effort = new ModelEffort { Agents = Shipped.MultiAgent.Effort.Agents, Default = EffortLevel.Low, SendsDefault = false };

        effort.Sent(null).Should().BeNull();
        effort.AgentsAt(effort.Sent(null)).Should().Be(16);
    }

    [Fact]
    public void AgentsAt_NoEffortOnMultiAgent_IsThatOfTheDefaultThatIsSent()
    {
        var effort = Shipped.MultiAgent.Effort;

        effort.Sent(null).Should().Be(EffortLevel.Low);
        effort.AgentsAt(effort.Sent(null)).Should().Be(4);
        effort.AgentsAt(effort.Sent(EffortLevel.XHigh)).Should().Be(16);
        ModelEffort.NoLevels.AgentsAt(null).Should().Be(1);
    }
}
