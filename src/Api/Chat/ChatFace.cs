using System.Text.Json;
using LlmTr.Api.Responses;
using LlmTr.Grains.Abstractions;
using LlmTr.Xai.Responses;

namespace LlmTr.Api.Chat;

/// <summary>The face of <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatFace(ChatRequest request, RequestId id) : ITextFace
{
    private readonly ChatIdentity _identity = new(id, JsonEncodedText.Encode(request.Text.Model.Id));

    public string Endpoint => ChatRequest.Endpoint;

    public IReadOnlyList<string> IgnoredFields => request.IgnoredFields;

    // A chat completion has no word for having failed.
    public bool ShowsFailedResponses => false;

    public void Write(HttpResponse response, ReadOnlySpan<byte> body, in ResponseReading reading, MeasuredCost? charge)
    {
        response.ContentType = "application/json";
        ChatBody.Write(body, reading, _identity, charge, response.BodyWriter);
    }

    public ITextFrames OpenStream() => new ChatFrames(_identity, request.IncludesUsage);
}
