using System.Net;
using System.Net.Http.Headers;

namespace LlmTr.XaiSimulator.Tests;

/// <summary>JSON, types, model, key, arguments, answer: each request is wrong in one way more than the one before (xAI contract, section 10, general 1).</summary>
public sealed class OrderOfChecksTests : SimulatorTest
{
    private const string WrongKey = """{"code":"invalid-argument","error":"Incorrect API key provided. You can obtain an API key from https://console.x.ai."}""";

    [Fact]
    public async Task Arguments_AreCheckedBeforeAnythingIsAnswered()
    {
        Simulator.Enqueue(new Control.Behaviour { Status = 503 });

        await ExpectAsync(Ask("x", "\"metadata\":{}"), HttpStatusCode.BadRequest, """{"code":"400","error":"Argument not supported: metadata"}""");
    }

    [Fact]
    public async Task Key_IsCheckedBeforeArguments()
    {
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");

        await ExpectAsync(Ask("x", "\"metadata\":{}"), HttpStatusCode.BadRequest, WrongKey);
    }

    [Fact]
    public async Task Key_WithoutHeader_Is401()
    {
        Client.DefaultRequestHeaders.Authorization = null;

        await ExpectAsync(Ask("x"), HttpStatusCode.Unauthorized, """{"code":"unauthenticated:no-credentials","error":"No credentials presented."}""");
    }

    [Fact]
    public async Task Model_IsCheckedBeforeTheKey()
    {
        Client.DefaultRequestHeaders.Authorization = null;

        await ExpectAsync(
            Ask("x", "\"metadata\":{}", "grok-nope"),
            HttpStatusCode.NotFound,
            """{"code":"not-found","error":"The model grok-nope does not exist or your team 00000000-0000-4000-8000-000000000000 does not have access to it. """ +
            """If you believe this is a mistake, please contact support and quote your team ID and the model name."}""");
    }

    [Fact]
    public async Task Model_Omitted_IsNotFoundAsLatest() =>
        await ExpectAsync("""{"input":"x"}""", HttpStatusCode.BadRequest, """{"code":"invalid-argument","error":"Model not found: latest"}""");

    [Fact]
    public async Task Types_AreCheckedBeforeTheModel()
    {
        Client.DefaultRequestHeaders.Authorization = null;

        await ExpectAsync(
            """{"model":"grok-nope","input":5,"metadata":{}}""",
            HttpStatusCode.UnprocessableEntity,
            """{"code":"invalid-argument","error":"Failed to deserialize the JSON body into the target type: input: invalid type, expected an array"}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"model":"grok-nope","input":"half a pair: \ud83d"}""")]
    [InlineData("""{"model":"grok-nope","input":5}}""")]
    public async Task Json_IsCheckedFirst_AndRefusedInPlainText(string body)
    {
        Client.DefaultRequestHeaders.Authorization = null;
        using var response = await PostAsync(body);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
    }

    [Fact]
    public async Task Body_NotDeclaredAsJson_Is415()
    {
        using var response = await Client.SendAsync(Post(Ask("x"), contentType: "text/plain"), Bound);

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Route_UnknownOrOfAnotherMethod_IsRefusedAndRecorded()
    {
        using var wrongMethod = await Client.GetAsync(new Uri(Simulator.BaseUrl, "/v1/responses"), Bound);
        using var unknown = await Client.SendAsync(Post("{}", "/v1/chat/completions?a=b"), Bound);

        wrongMethod.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
        Simulator.Requests.Select(request => $"{request.Method} {request.Path} {request.Status}").Should()
            .Equal("GET /v1/responses 405", "POST /v1/chat/completions?a=b 404");
    }

    private async Task ExpectAsync(string request, HttpStatusCode status, string body)
    {
        using var response = await PostAsync(request);

        (await response.Content.ReadAsStringAsync(Bound)).Should().Be(body);
        response.StatusCode.Should().Be(status);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        (await RecordedAsync()).Billed.IsPositive.Should().BeFalse();
    }
}
