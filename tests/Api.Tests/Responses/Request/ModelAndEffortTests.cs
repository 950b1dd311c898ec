using System.Text;
using System.Text.Json.Nodes;

using LlmTr.Api.Responses;
using LlmTr.Xai.Catalogue;

using static LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Responses.Request;

public class ModelAndEffortTests
{
    [Theory]
    [InlineData("xai/grok-4.3", "xai/grok-4.3", "grok-4.3")]
    [InlineData("grok-4.3", "xai/grok-4.3", "grok-4.3")]
    [InlineData("grok-4.3:high", "xai/grok-4.3", "grok-4.3")]
    [InlineData("gro\\u006b-4.3", "xai/grok-4.3", "grok-4.3")]
    [InlineData("xai\\/grok-4.3", "xai/grok-4.3", "grok-4.3")]
    [InlineData("grok-4.20-multi-agent", "xai/grok-4.20-multi-agent", "grok-4.20-multi-agent-0309")]
    [InlineData("xai/grok-4.20-0309-reasoning", "xai/grok-4.20-0309-reasoning", "grok-4.20-0309-reasoning")]
    [InlineData("xai/grok-4.20-0309-non-reasoning", "xai/grok-4.20-0309-non-reasoning", "grok-4.20-0309-non-reasoning")]
    public void Model_PublicId_BecomesTheUpstreamName(string asked, string publicId, string upstream)
    {
        var body = $"{{'model':'{asked}','input':'hi'}}";

        Accepted(body).Model.Id.Should().Be(publicId);
        Forwarded(body)["model"]!.GetValue<string>().Should().Be(upstream);
    }

    [Theory]
    [InlineData("{'input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':null,'input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':7,'input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':{'id':'xai/grok-4.3'},'input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':'','input':'hi'}", 404, "model_not_found")]
    [InlineData("{'model':'xai/','input':'hi'}", 404, "model_not_found")]
    [InlineData("{'model':'xai/grok-9','input':'hi'}", 404, "model_not_found")]
    [InlineData("{'model':'xai/grok-9:high','input':'hi'}", 404, "model_not_found")]
    [InlineData("{'model':'XAI/grok-4.3','input':'hi'}", 404, "model_not_found")]
    [InlineData("{'model':'grok-4.20-multi-agent-0309','input':'hi'}", 404, "model_not_found")]
    [InlineData("{'model':'xai/grok-4.3:','input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':'xai/grok-4.3:turbo','input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':'xai/grok-4.3:HIGH','input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':'xai/grok-4.3:none','input':'hi'}", 400, "invalid_request_error")]
    [InlineData("{'model':'xai/grok-4.3:high:high','input':'hi'}", 400, "invalid_request_error")]
    public void Model_NotSold_IsRefused(string body, int status, string type)
    {
        var refusal = Refusal(body);

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((status, type, "model"));
    }

    [Fact]
    public void Model_EndlessName_IsNotFoundAndNotEchoed()
    {
        var refusal = Refusal($"{{'model':'{new string('x', 100_000)}','input':'hi'}}");

        (refusal.Status, refusal.Type).Should().Be((404, "model_not_found"));
        refusal.Message.Length.Should().BeLessThan(200);
    }

    [Theory]
    [InlineData("grok-3-mini")]
    [InlineData("xai/grok-3-mini")]
    [InlineData("xai/grok-3-mini:high")]
    public void Model_Retired_Is410AndNamesItsReplacement(string asked)
    {
        var refusal = Refusal($"{{'model':'{asked}','input':'hi'}}");

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((410, "model_retired", "model"));
        refusal.Details.Should().Equal(
            new KeyValuePair<string, object>("model", "xai/grok-3-mini"),
            new KeyValuePair<string, object>("replacement_model", "xai/grok-4.3"),
            new KeyValuePair<string, object>("retirement_date", "2026-05-15"));
    }

    [Fact]
    public void Model_OffSale_IsNotFound()
    {
        var refusal = RefusalWith(model => model["disabled"] = true);

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((404, "model_not_found", "model"));
        refusal.Message.Should().Contain("not on sale");
    }

    [Fact]
    public void Model_OfAnotherEndpoint_Is400WithAllDetails()
    {
        var refusal = RefusalWith(model => model["endpoints"] = new JsonArray("/v1/chat/completions", "/v1/other"));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "unsupported_operation", "model"));
        refusal.Details!.Select(detail => detail.Key).Should().Equal(
            "param", "model", "attempted_endpoint", "supported_endpoints", "suggested_endpoint", "hint", "docs_url");
        var details = refusal.Details!.ToDictionary(detail => detail.Key, detail => detail.Value);
        details["model"].Should().Be("xai/grok-4.3");
        details["attempted_endpoint"].Should().Be("/v1/responses");
        details["supported_endpoints"].Should().BeEquivalentTo(new[] { "/v1/chat/completions", "/v1/other" });
        details["suggested_endpoint"].Should().Be("/v1/chat/completions");
    }

    [Fact]
    public void Model_WithoutImages_RefusesThem()
    {
        static void WithoutImages(JsonNode model) => model["modalities"]!["input"] = new JsonArray("text");

        RefusalWith(WithoutImages, "{'model':'grok-4.3','input':[{'role':'user','content':[{'type':'input_image','image_url':'https://e.org/a.png'}]}]}")
            .Should().BeEquivalentTo(new { Status = 400, Type = "unsupported_capability", Param = "input[0].content[0].type" });
        RefusalWith(WithoutImages, "{'model':'grok-4.3','messages':[{'role':'user','content':[{'type':'image_url','image_url':'https://e.org/a.png'}]}]}")
            .Should().BeEquivalentTo(new { Status = 400, Type = "unsupported_capability", Param = "messages[0].content[0].type" });
    }

    [Fact]
    public void Model_WithoutStop_RefusesIt() =>
        RefusalWith(model => model["stop"] = false, With("'stop':'END'"))
            .Should().BeEquivalentTo(new { Status = 400, Type = "unsupported_capability", Param = "stop" });

    [Theory]
    [InlineData("grok-4.3:min", "", EffortLevel.None, "none")]
    [InlineData("grok-4.3:low", "", EffortLevel.Low, "low")]
    [InlineData("grok-4.3:med", "", EffortLevel.Medium, "medium")]
    [InlineData("grok-4.3:medium", "", EffortLevel.Medium, "medium")]
    [InlineData("grok-4.3:high", "", EffortLevel.High, "high")]
    [InlineData("grok-4.3", ",'reasoning':{'effort':'none'}", EffortLevel.None, "none")]
    [InlineData("grok-4.3", ",'reasoning':{'effort':'minimal'}", EffortLevel.None, "none")]
    [InlineData("grok-4.3", ",'reasoning':{'\\u0065ffort':'\\u006cow'}", EffortLevel.Low, "low")]
    [InlineData("grok-4.3", ",'reasoning_effort':'minimal'", EffortLevel.None, "none")]
    [InlineData("grok-4.3", ",'reasoning_effort':'high'", EffortLevel.High, "high")]
    [InlineData("grok-4.3", ",'reasoning_effort':'none','reasoning':{'effort':'minimal'}", EffortLevel.None, "none")]
    [InlineData("grok-4.3:high", ",'reasoning':{'effort':'low'}", EffortLevel.Low, "low")]
    [InlineData("grok-4.3:high", ",'reasoning_effort':'low'", EffortLevel.Low, "low")]
    [InlineData("grok-4.3:max", ",'reasoning_effort':'low'", EffortLevel.Low, "low")]
    [InlineData("grok-4.3:high", ",'reasoning':{'effort':null}", EffortLevel.High, "high")]
    [InlineData("grok-4.20-multi-agent:max", "", EffortLevel.XHigh, "xhigh")]
    [InlineData("grok-4.20-multi-agent:xhigh", "", EffortLevel.XHigh, "xhigh")]
    [InlineData("grok-4.20-multi-agent", ",'reasoning':{'effort':'xhigh'}", EffortLevel.XHigh, "xhigh")]
    public void Effort_BySuffixOrBody_BecomesReasoningEffort(string model, string members, EffortLevel level, string word)
    {
        var body = $"{{'model':'{model}','input':'hi'{members}}}";

        Accepted(body).Effort.Should().Be(level);
        Forwarded(body)["reasoning"]!["effort"]!.GetValue<string>().Should().Be(word);
        Forwarded(body).ContainsKey("reasoning_effort").Should().BeFalse();
    }

    [Theory]
    [InlineData("grok-4.20-multi-agent", 4)]
    [InlineData("grok-4.20-multi-agent:low", 4)]
    [InlineData("grok-4.20-multi-agent:med", 4)]
    [InlineData("grok-4.20-multi-agent:high", 16)]
    [InlineData("grok-4.20-multi-agent:xhigh", 16)]
    [InlineData("grok-4.3:high", 1)]
    [InlineData("grok-4.3", 1)]
    [InlineData("grok-4.20-0309-reasoning", 1)]
    public void Effort_OnMultiAgent_SetsTheNumberOfAgents(string model, int agents) =>
        Accepted($"{{'model':'{model}','input':'hi'}}").Agents.Should().Be(agents);

    [Fact]
    public void Effort_NotNamedOnMultiAgent_IsSentSoThatTheNumberOfAgentsIsCertain() =>
        Forwarded("{'model':'grok-4.20-multi-agent','input':'hi'}")["reasoning"]!.ToJsonString().Should().Be("""{"effort":"low"}""");

    [Fact]
    public void Effort_NotNamedElsewhere_IsNotSent() => Forwarded("{'model':'grok-4.3','input':'hi'}").ContainsKey("reasoning").Should().BeFalse();

    [Theory]
    [InlineData("grok-4.3", "'reasoning':{'summary':'auto'}", """{"summary":"auto"}""")]
    [InlineData("grok-4.3", "'reasoning':{}", "{}")]
    [InlineData("grok-4.3", "'reasoning':{'effort':null}", "{}")]
    [InlineData("grok-4.3:low", "'reasoning':{'summary':'auto','generate_summary':null}", """{"effort":"low","summary":"auto","generate_summary":null}""")]
    [InlineData("grok-4.3", "'reasoning':{'summary':'auto','effort':'minimal','x':{'y':[1]}}", """{"effort":"none","summary":"auto","x":{"y":[1]}}""")]
    [InlineData("grok-4.20-0309-reasoning", "'reasoning':{'summary':'concise'}", """{"summary":"concise"}""")]
    public void Reasoning_OtherMembers_Pass(string model, string member, string forwarded) =>
        Forwarded(With(member, model))["reasoning"]!.ToJsonString().Should().Be(forwarded);

    [Theory]
    [InlineData("grok-4.3:xhigh", "'stream':false", "model", "none, low, medium, high")]
    [InlineData("grok-4.3:max", "'stream':false", "model", "none, low, medium, high")]
    [InlineData("grok-4.3", "'reasoning':{'effort':'xhigh'}", "reasoning.effort", "none, low, medium, high")]
    [InlineData("grok-4.3:low", "'reasoning_effort':'xhigh'", "reasoning_effort", "none, low, medium, high")]
    [InlineData("grok-4.20-multi-agent:min", "'stream':false", "model", "low, medium, high, xhigh")]
    [InlineData("grok-4.20-multi-agent", "'reasoning':{'effort':'none'}", "reasoning.effort", "low, medium, high, xhigh")]
    [InlineData("grok-4.20-multi-agent", "'reasoning_effort':'minimal'", "reasoning_effort", "low, medium, high, xhigh")]
    [InlineData("grok-4.20-0309-reasoning:low", "'stream':false", "model", "takes no effort")]
    [InlineData("grok-4.20-0309-reasoning", "'reasoning':{'effort':'none'}", "reasoning.effort", "takes no effort")]
    [InlineData("grok-4.20-0309-non-reasoning", "'reasoning_effort':'low'", "reasoning_effort", "takes no effort")]
    public void Effort_LevelThatTheModelLacks_Is400AndNamesItsLevels(string model, string member, string param, string says)
    {
        var refusal = Refusal(With(member, model));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "unsupported_capability", param));
        refusal.Message.Should().Contain(says);
    }

    [Theory]
    [InlineData("'reasoning':'low'", "reasoning")]
    [InlineData("'reasoning':[]", "reasoning")]
    [InlineData("'reasoning':{'effort':'max'}", "reasoning.effort")]
    [InlineData("'reasoning':{'effort':'LOW'}", "reasoning.effort")]
    [InlineData("'reasoning':{'effort':1}", "reasoning.effort")]
    [InlineData("'reasoning':{'effort':{}}", "reasoning.effort")]
    [InlineData("'reasoning':{'effort':'low','effort':'low'}", "reasoning.effort")]
    [InlineData("'reasoning':{'effort':'low','eff\\u006frt':'high'}", "reasoning.effort")]
    [InlineData("'reasoning_effort':'ultra'", "reasoning_effort")]
    [InlineData("'reasoning_effort':true", "reasoning_effort")]
    [InlineData("'reasoning_effort':'low','reasoning':{'effort':'high'}", "reasoning_effort")]
    public void Effort_WrongOrContradictory_Is400(string member, string param)
    {
        var refusal = Refusal(With(member));

        (refusal.Status, refusal.Type, refusal.Param).Should().Be((400, "invalid_request_error", param));
    }

    private static LlmTr.Api.Errors.ApiError RefusalWith(Action<JsonNode> change, string quoted = "{'model':'grok-4.3','input':'hi'}")
    {
        var file = JsonNode.Parse(File.ReadAllBytes(ModelCatalogue.ShippedPath))!;
        change(file["models"]![0]!);
        var catalogue = ModelCatalogue.Parse(Encoding.UTF8.GetBytes(file.ToJsonString()), "models.json");
        var body = Encoding.UTF8.GetBytes(Json(quoted));

        ResponsesRequest.TryParse(body, catalogue, Ceiling, out _, out var refusal).Should().BeFalse();
        return refusal!;
    }
}
