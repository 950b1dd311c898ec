using System.Net.Http.Headers;
using System.Text;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Requests;

public sealed class FormTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    /// <summary>Encodings of names that nobody sends in earnest, each of which some decoder refuses by throwing.</summary>
    [Theory]
    [InlineData("form-data; name=\"file\"; filename*=utf-7''x.mp3")]
    [InlineData("form-data; name=\"image\"; filename*=utf-7''x.png")]
    [InlineData("form-data; name=\"file\"; filename=\"=?utf-7?B?QQ==?=\"")]
    [InlineData("form-data; name=\"image\"; filename=\"=?utf-7?B?QQ==?=\"")]
    [InlineData("form-data; name=\"=?utf-7?B?QQ==?=\"")]
    public async Task PartWhoseNameCannotBeDecoded_Is400(string disposition)
    {
        foreach (var path in (string[])["/v1/audio/transcriptions", "/v1/stt", "/v1/images/edits"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: {disposition}\r\n\r\nabc\r\n--b--\r\n")),
            };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shared.Key.Text);
            using var response = await shared.Gateway.Http.SendAsync(request);

            var (status, type, _) = await response.ErrorAsync();
            (path, status, type).Should().Be((path, 400, "invalid_request_error"));
        }

        (await shared.Key.LedgerAsync()).Should().BeEmpty();
    }
}
