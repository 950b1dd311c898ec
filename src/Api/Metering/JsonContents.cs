using System.Net.Http.Headers;

namespace LlmTr.Api.Metering;

/// <summary>JSON on its way to xAI.</summary>
internal static class JsonContents
{
    /// <summary>A body of JSON that is there in memory.</summary>
    public static HttpContent Of(ReadOnlyMemory<byte> json)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
