using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmTr.Api.Chat;
using LlmTr.Api.Errors;
using LlmTr.Api.Responses;
using LlmTr.Api.Tests.Errors.Languages;
using LlmTr.Grains.Abstractions;
using LlmTr.Money;
using LlmTr.Xai.Responses;
using LlmTr.Xai.Streaming;
using Given = LlmTr.Api.Tests.Responses.Request.Requests;

namespace LlmTr.Api.Tests.Chat;

/// <summary>The translation without a gateway around it. A test writes JSON with single quotes, which a text in it must then do without.</summary>
internal static class ChatBodies
{
    public const string Messages = "'messages':[{'role':'user','content':'hi'}]";

    /// <summary>Whose answers the golden tests write.</summary>
    public static readonly ChatIdentity Identity = new(new RequestId(new Guid("019aa000-0000-7000-8000-000000000001")), JsonEncodedText.Encode("xai/grok-4.3"));

    /// <summary>What every answer of <see cref="Identity"/> begins with.</summary>
    public const string Head = "{'id':'chatcmpl-019aa00000007000800000000000000";

    public static ChatRequest Accepted(string quoted)
    {
        ChatRequest.TryParse(Encoding.UTF8.GetBytes(Given.Json(quoted)), Given.Catalogue, Given.Ceiling, out var request, out var refusal)
            .Should().BeTrue(refusal?.Message ?? "");
        return request!;
    }

    public static ApiError Refusal(string quoted)
    {
        ChatRequest.TryParse(Encoding.UTF8.GetBytes(Given.Json(quoted)), Given.Catalogue, Given.Ceiling, out var request, out var refusal).Should().BeFalse();
        request.Should().BeNull();
        refusal!.Message.ShouldHaveTurkish();
        return refusal;
    }

    /// <summary>What goes to xAI.</summary>
    public static string Forwarded(string quoted, int maxOutputTokens = 1000) => Given.ForwardedText(Accepted(quoted).Text, maxOutputTokens);

    /// <summary>A minimal request with one or more members added.</summary>
    public static string With(string members, string model = "xai/grok-4.3") => $"{{'model':'{model}',{Messages},{members}}}";

    /// <summary>A whole response as a chat completion.</summary>
    public static string Completion(string quoted, MeasuredCost? charge = null)
    {
        var json = Encoding.UTF8.GetBytes(Given.Json(quoted));
        ResponseReading.TryReadBody(json, out var reading).Should().BeTrue();
        var output = new ArrayBufferWriter<byte>();
        ChatBody.Write(json, reading, Identity, charge, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The chunks of a stream of events, the last of which ends the answer if it can.</summary>
    public static string[] Chunks(IEnumerable<string> quotedEvents, bool includesUsage = false, MeasuredCost? charge = null)
    {
        var frames = new ChatFrames(Identity, includesUsage);
        var output = new ArrayBufferWriter<byte>();
        foreach (var quoted in quotedEvents)
        {
            var frame = new SseFrame(Encoding.UTF8.GetBytes($"data: {Given.Json(quoted)}\n\n"));
            if (frame.IsTerminal)
                frames.WriteEnd(frame, charge, output);
            else
                frames.WritePiece(frame, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
    }

    public static MeasuredCost Charge(long ticks) => new(new UsdTicks(ticks), CostSource.Provider);
}
