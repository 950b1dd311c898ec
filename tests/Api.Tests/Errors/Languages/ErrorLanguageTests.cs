using System.Text.Json;
using LlmTr.Api.Tests.Running;
using LlmTr.XaiSimulator.Control;

namespace LlmTr.Api.Tests.Errors.Languages;

/// <summary>Over HTTP: the words follow <c>Accept-Language</c>, everything that programs read stays.</summary>
public sealed class ErrorLanguageTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Turkish = "tr-TR,tr;q=0.9,en-US;q=0.8";

    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","temperature":9}""", "'temperature' alanı 0 ile 2 arasında bir sayı olmalıdır.")]
    [InlineData("""{"model":"xai/grok-4.3","input":"x","nonsense":9}""", "Bilinmeyen alan: 'nonsense'. Hiçbir şey gönderilmedi; alanı kaldırın veya yazımını denetleyin.")]
    [InlineData("", "Gövde boş; bir JSON nesnesi gönderin.")]
    public async Task TurkishIsTold_WhereItIsPreferred_AndOnlyTheWordsDiffer(string body, string message)
    {
        using var english = await shared.Key.PostAsync(body);
        using var turkish = await shared.Key.PostAsync(body, headers: ("Accept-Language", Turkish));

        (await MessageAsync(turkish)).Should().Be(message);
        turkish.Content.Headers.ContentLanguage.Should().Equal("tr");
        turkish.Headers.Vary.Should().Contain("Accept-Language");
        english.Content.Headers.ContentLanguage.Should().Equal("en");
        english.Headers.Vary.Should().Contain("Accept-Language");
        (await WithoutWordsAsync(turkish)).Should().Be(await WithoutWordsAsync(english));
        turkish.StatusCode.Should().Be(english.StatusCode);
    }

    [Fact]
    public async Task HintIsTurkishToo_AndAmountsAreNotTouched()
    {
        var poor = await Gateway.CreateKeyAsync("0.0001");
        using var response = await poor.PostAsync(TestKey.Hello, headers: ("Accept-Language", Turkish));

        var error = (await response.JsonAsync()).GetProperty("error");
        error.Text("type").Should().Be("insufficient_balance");
        error.Text("message").Should().StartWith("Bu istek için gereken provizyon ").And.EndWith("kullanılabilir bakiye 0.0001 USD.");
        error.GetProperty("details").Text("hint").Should().StartWith("Anahtara bakiye yükleyin");
        error.GetProperty("details").Text("available_usd").Should().Be("0.0001");
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", "Burada '/v1/nothing' yok.")]
    [InlineData("DELETE", "/v1/responses", "'DELETE' yöntemi '/v1/responses' yolunda kullanılamaz.")]
    [InlineData("POST", "/v1/files", "'/v1/files' bu ağ geçidinde sunulmuyor")]
    [InlineData("GET", "/v1/models/xai/grok-nope", "'xai/grok-nope' adlı bir model yok.")]
    [InlineData("GET", "/admin/v1/keys", "Yönetici belirteci (admin token) eksik veya geçersiz.")]
    [InlineData("GET", "/v1/video/generations/videogen_0", "Bu kimliğe sahip bir video işi yok.")]
    [InlineData("GET", "/api/usage?page=x", "page, 1 ile 1000000000 arasında bir tam sayıdır.")]
    public async Task EveryFaceOfTheGateway_SpeaksIt(string method, string path, string beginning)
    {
        using var response = await Gateway.SendAsync(new HttpMethod(method), path, shared.Key.Text, null, headers: ("Accept-Language", Turkish));

        (await MessageAsync(response)).Should().StartWith(beginning);
    }

    [Theory]
    [InlineData("en-US,en;q=0.9,tr;q=0.8")]
    [InlineData("tr;q=nonsense")]
    [InlineData("de")]
    public async Task EnglishIsTold_WhereItIsPreferred_OrNothingIsUnderstood(string header)
    {
        using var response = await shared.Key.PostAsync("", headers: ("Accept-Language", header));

        (await MessageAsync(response)).Should().Be("The body is empty; send a JSON object.");
        response.Content.Headers.ContentLanguage.Should().Equal("en");
    }

    [Fact]
    public async Task WhatXaiSays_StaysInItsWords()
    {
        Gateway.Xai.Enqueue(Behaviour.None.With("fault", "unsupported-argument"));
        using var english = await shared.Key.PostAsync(TestKey.Hello);
        Gateway.Xai.Enqueue(Behaviour.None.With("fault", "unsupported-argument"));
        using var turkish = await shared.Key.PostAsync(TestKey.Hello, headers: ("Accept-Language", Turkish));

        var said = (await MessageAsync(english))["xAI refused the request: ".Length..];
        said.Should().NotBeEmpty();
        (await MessageAsync(turkish)).Should().Be($"xAI isteği reddetti: {said}");
    }

    [Theory]
    [InlineData("/v1/responses", TestKey.HelloStreamed)]
    [InlineData("/v1/chat/completions", """{"model":"grok-4.3","messages":[{"role":"user","content":"Hello"}],"stream":true}""")]
    public async Task StreamThatBreaks_EndsWithTheErrorInTurkish(string path, string body)
    {
        Gateway.Xai.Enqueue(Behaviour.None with { End = Ending.BareError, After = 6 });
        using var response = await Gateway.SendAsync(HttpMethod.Post, path, shared.Key.Text, body, headers: ("Accept-Language", Turkish));

        var last = (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\n\n")[^1];
        var error = JsonSerializer.Deserialize<JsonElement>(last[(last.IndexOf("data: ", StringComparison.Ordinal) + "data: ".Length)..]).GetProperty("error");
        error.Text("type").Should().Be("provider_error");
        error.Text("message").Should().Be("xAI bu istekte hata verdi. Kısa süre sonra yeniden deneyin.");
    }

    [Fact]
    public async Task VideoThatFailed_TellsWhyInTurkish()
    {
        using var response = await Gateway.SendAsync(
            HttpMethod.Post,
            "/v1/video/generations",
            shared.Key.Text,
            """{"model":"xai/grok-imagine-video","prompt":"[[sim:video=moderated]] a cup","duration_seconds":1}""",
            headers: ("Accept-Language", Turkish));

        var error = (await response.JsonAsync()).GetProperty("error");
        error.Text("type").Should().Be("content_moderated");
        error.Text("message").Should().StartWith("xAI içeriği reddetti");
    }

    private static async Task<string> MessageAsync(HttpResponseMessage response) => (await response.JsonAsync()).GetProperty("error").Text("message");

    private static async Task<string> WithoutWordsAsync(HttpResponseMessage response) => string.Join(
        '\n',
        (await response.JsonAsync()).GetProperty("error").EnumerateObject().Where(static member => member.Name is not ("message" or "request_id")).Select(static member => member.ToString()));
}
