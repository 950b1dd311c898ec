using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;

using LlmTr.Api.Errors;
using LlmTr.Api.Responses;
using LlmTr.Api.Tests.Errors.Languages;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Tokens;

namespace LlmTr.Api.Tests.Responses.Request;

/// <summary>Parses bodies with the shipped catalogue. A test writes JSON with single quotes, which a text in it must then do without.</summary>
internal static class Requests
{
    public static readonly ModelCatalogue Catalogue = ModelCatalogue.Load(ModelCatalogue.ShippedPath);
    public static readonly InputCeiling Ceiling = new("a secret of these tests"u8.ToArray());

    public static string Json(string quoted) => quoted.Replace('\'', '"');

    public static ApiError Refusal(string quoted) => RefusalOf(Encoding.UTF8.GetBytes(Json(quoted)));

    public static ApiError RefusalOf(byte[] body)
    {
        if (ResponsesRequest.TryParse(body, Catalogue, Ceiling, out var request, out var refusal) && request.MustBeCounted)
            refusal = request.Count(Ceiling);
        refusal.Should().NotBeNull();
        refusal!.Message.ShouldHaveTurkish();
        refusal.Hint()?.ShouldHaveTurkish();
        return refusal;
    }

    public static ResponsesRequest Accepted(string quoted) => AcceptedJson(Json(quoted));

    public static ResponsesRequest AcceptedJson(string json)
    {
        ResponsesRequest.TryParse(Encoding.UTF8.GetBytes(json), Catalogue, Ceiling, out var request, out var refusal).Should().BeTrue(refusal?.Message ?? "");
        if (request!.MustBeCounted)
            request.Count(Ceiling).Should().BeNull();
        return request;
    }

    /// <summary>A minimal request with one or more members added: <c>'temperature':1</c>.</summary>
    public static string With(string members, string model = "xai/grok-4.3") => $"{{'model':'{model}','input':'hi',{members}}}";

    public static string ForwardedText(ResponsesRequest request, int maxOutputTokens = 1000)
    {
        var writer = new ArrayBufferWriter<byte>();
        request.WriteForwardBody(writer, maxOutputTokens);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    public static JsonObject Forwarded(string quoted, int maxOutputTokens = 1000) =>
        JsonNode.Parse(ForwardedText(Accepted(quoted), maxOutputTokens))!.AsObject();

    public static string? Hint(this ApiError error) => (string?)error.Details?.SingleOrDefault(detail => detail.Key == "hint").Value;
}
