using System.Text;
using System.Text.Json;
using LlmTr.Money;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>Scripts and markers, in process and over HTTP.</summary>
public sealed class ControlTests : SimulatorTest
{
    [Fact]
    public async Task Script_IsUsedInOrder_AsOftenAsItSays_ForWhatItFits()
    {
        Simulator.Enqueue(new Behaviour { Status = 503 }, times: 2, match: new RequestMatch { PromptContains = "red" });
        Simulator.Enqueue(new Behaviour { Status = 429 }, match: new RequestMatch { Model = "grok-4.20" });
        Simulator.Enqueue(new Behaviour { Status = 500 });

        (await StatusOfAsync(Ask("red"))).Should().Be(503);
        (await StatusOfAsync(Ask("blue"))).Should().Be(500);
        (await StatusOfAsync(Ask("blue"))).Should().Be(200);
        (await StatusOfAsync(Ask("red"))).Should().Be(503);
        (await StatusOfAsync(Ask("red"))).Should().Be(200);
        (await StatusOfAsync(Ask("blue", model: "grok-4.20"))).Should().Be(429);
    }

    [Fact]
    public async Task Script_Cleared_IsForgotten()
    {
        Simulator.Enqueue(new Behaviour { Status = 503 });
        Simulator.ClearScript();

        (await StatusOfAsync(Ask("x"))).Should().Be(200);
    }

    [Fact]
    public async Task Marker_ChangesWhatAScriptSays()
    {
        Simulator.Enqueue(new Behaviour { Answer = "scripted", Model = "grok-latest" });

        var answer = await JsonOfAsync(Ask("[[sim:answer=marked]]"));

        answer.GetProperty("model").GetString().Should().Be("grok-latest");
        answer.GetProperty("output")[1].GetProperty("content")[0].GetProperty("text").GetString().Should().Be("marked");
    }

    [Fact]
    public async Task Marker_CountsOnlyInTheLastUserMessage()
    {
        const string conversation = """
            {"model":"grok-4.3","input":[{"role":"user","content":"[[sim:status=503]]"},{"role":"assistant","content":"a"},{"role":"user","content":"b"}]}
            """;

        (await StatusOfAsync(conversation)).Should().Be(200);
    }

    [Theory]
    [InlineData("[[sim:stauts=503]]", "'stauts' is no behaviour")]
    [InlineData("[[sim:status=many]]", "status is 'many'; it takes a whole number from 200 to 599")]
    [InlineData("[[sim:fault=gremlins]]", "'gremlins' is no fault")]
    [InlineData("[[sim:cut=somewhere]]", "it takes before, body, stream")]
    [InlineData("[[sim:cost=cheap]]", "it takes omit, null, zero")]
    public async Task Marker_Misspelt_IsA501ThatSaysSo(string prompt, string sentence)
    {
        using var response = await PostAsync(Ask(prompt));

        ((int)response.StatusCode).Should().Be(501);
        (await response.Content.ReadAsStringAsync(Bound)).Should().Contain(sentence);
    }

    [Fact]
    public async Task Http_ScriptsOneOrMany()
    {
        (await ControlAsync("POST", "script", """{"times":2,"match":{"prompt_contains":"a","path":"/v1/responses","model":"grok-4.3"},"status":503}""")).Should().Be("204 ");
        (await ControlAsync("POST", "script", """[{"cost":"null","done":true},{"fault":"credits"}]""")).Should().Be("204 ");

        (await StatusOfAsync(Ask("a"))).Should().Be(503);
        (await StatusOfAsync(Ask("a"))).Should().Be(503);
        (await TextOfAsync(AskStreamed("b"))).Should().Contain("\"cost_in_usd_ticks\":null").And.EndWith("[DONE]\n\n");
        (await StatusOfAsync(Ask("b"))).Should().Be(403);

        await ControlAsync("POST", "script", """{"status":500}""");
        (await ControlAsync("DELETE", "script")).Should().Be("204 ");
        (await StatusOfAsync(Ask("b"))).Should().Be(200);
    }

    [Fact]
    public async Task Http_ShowsTheFactsOfAnUpload_AndScriptsByTheStartOfAPath()
    {
        (await ControlAsync("POST", "script", """{"match":{"path_start":"/v1/s","method":"POST"},"duration":"x2"}""")).Should().Be("204 ");
        using var form = new MultipartFormDataContent { { new StringContent("tr"), "language" }, { new ByteArrayContent([1, 2, 3]), "file", "a.raw" } };
        using var response = await Client.PostAsync(new Uri(Simulator.BaseUrl, "/v1/stt"), form, Bound);

        (await response.Content.ReadAsStringAsync(Bound)).Should().Contain("\"duration\":7.4");
        var request = JsonElement.Parse((await ControlAsync("GET", "requests?arrived=1"))[4..])[0];
        request.GetProperty("fields").GetRawText().Should().Be("""["language","file"]""");
        request.GetProperty("parts")[1].GetRawText().Should().Be(
            """{"name":"file","file_name":"a.raw","content_type":null,"bytes":3,"sha256":"039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81","text":null}""");
        request.GetProperty("facts").GetRawText().Should().Be("""{"container":"none","duration_ms":"3700"}""");
    }

    [Theory]
    [InlineData("POST", "script", """{"stauts":503}""", "400 .*'stauts' is no behaviour")]
    [InlineData("POST", "script", """{"times":0,"status":503}""", "400 .*times takes a whole number from 1")]
    [InlineData("POST", "script", """{"match":{"colour":"red"}}""", "400 .*'colour' is no part of a match")]
    [InlineData("POST", "script", "nonsense", "400 .*")]
    [InlineData("POST", "script", "5", "400 .*A JSON object is needed")]
    [InlineData("GET", "nothing", "", "404 .*no such control")]
    public async Task Http_RefusesWhatItDoesNotUnderstand(string method, string path, string body, string expected) =>
        (await ControlAsync(method, path, body)).Should().MatchRegex(expected);

    [Fact]
    public async Task Http_HoldsAndOpensTheGate()
    {
        await ControlAsync("POST", "gate/close", """{"prompt_contains":"wait"}""");
        var held = StatusOfAsync(Ask("wait"));

        (await ControlAsync("GET", "gate?waiting=1")).Should().Be("""200 {"closed":true,"waiting":1}""");
        (await StatusOfAsync(Ask("go"))).Should().Be(200);
        held.IsCompleted.Should().BeFalse();

        await ControlAsync("POST", "gate/open");
        (await held).Should().Be(200);
        (await ControlAsync("GET", "gate")).Should().Be("""200 {"closed":false,"waiting":0}""");
        await ControlAsync("POST", "gate/close");
        Simulator.Gate.IsClosed.Should().BeTrue();
    }

    [Fact]
    public async Task Http_LetsFramesGo()
    {
        using var response = await PostAsync(AskStreamed("[[sim:step]]"));

        await ControlAsync("POST", "frames?allow=1000");

        (await response.Content.ReadAsStringAsync(Bound)).Should().Contain("response.completed");
    }

    [Fact]
    public async Task Http_ShowsRequestsAndBooks()
    {
        var answer = await JsonOfAsync(Ask("x", "\"colour\":1"));
        await StatusOfAsync(Ask("[[sim:fault=rate]]"));
        await Simulator.WaitForIdleAsync(Bound);
        var (id, ticks) = (answer.GetProperty("id").GetString()!, answer.GetProperty("usage").GetProperty("cost_in_usd_ticks").GetInt64());

        var requests = JsonElement.Parse((await ControlAsync("GET", "requests?arrived=2"))[4..]);
        var first = requests[0];
        first.GetProperty("method").GetString().Should().Be("POST");
        first.GetProperty("path").GetString().Should().Be("/v1/responses");
        first.GetProperty("headers").GetProperty("Authorization").GetString().Should().Be($"Bearer {Simulator.ApiKey}");
        first.GetProperty("body").GetString().Should().Be(Ask("x", "\"colour\":1"));
        first.GetProperty("fields").GetRawText().Should().Be("""["model","input","colour"]""");
        first.GetProperty("unknown_fields").GetRawText().Should().Be("""["colour"]""");
        first.GetProperty("response_id").GetString().Should().Be(id);
        first.GetProperty("billed_ticks").GetInt64().Should().Be(ticks);
        requests[1].GetProperty("outcome").GetString().Should().Be("refused");
        requests[1].GetProperty("status").GetInt32().Should().Be(429);

        (await ControlAsync("GET", "books?idle=true")).Should().Be(
            $$$"""200 {"requests":2,"open":0,"answered":1,"refused":1,"cut":0,"aborted":0,"billed_ticks":{{{ticks}}},"delivered_ticks":{{{ticks}}},"billed_by_id":{"{{{id}}}":{{{ticks}}}}}""");

        (await ControlAsync("DELETE", "requests")).Should().Be("204 ");
        Simulator.Requests.Should().BeEmpty();
        Simulator.Books.Billed.Should().Be(new UsdTicks(ticks), "the books stay when the list goes");
        await ControlAsync("DELETE", "books");
        Simulator.Books.Should().Be(Recording.Books.Empty);
    }

    private async Task<int> StatusOfAsync(string body)
    {
        using var response = await PostAsync(body);
        await response.Content.ReadAsByteArrayAsync(Bound);
        return (int)response.StatusCode;
    }

    private async Task<string> ControlAsync(string method, string path, string body = "")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Simulator.BaseUrl, $"/_sim/{path}"));
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.SendAsync(request, Bound);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Bound)}";
    }
}
