#pragma warning disable CA1822
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LlmTr.Api.Errors;
using LlmTr.Money;
using LlmTr.Xai.Catalogue;
using LlmTr.Xai.Tokens;
namespace LlmTr.Api.Responses;
/// <summary>stub</summary>
internal sealed class ResponsesRequest
{
    public TextModel Model => null!; public UsdTicks? MaxBudget => null; public bool Stream => false; public int? MaxOutputTokens => null; public IReadOnlyList<string> IgnoredFields => [];
    public int Agents => 1; public long EstimatedInputTokens => 1; public int ForwardBodyBytes => 1;
    public void WriteForwardBody(IBufferWriter<byte> w, int cap) { }
    public static bool TryParse(ReadOnlyMemory<byte> b, ModelCatalogue c, InputCeiling i, [NotNullWhen(true)] out ResponsesRequest? r, [NotNullWhen(false)] out ApiError? e) { r = null; e = new ApiError(400,"x","x"); return false; }
}
