using System.Text.Json;

namespace LlmTr.Bench.Results;

/// <summary>How results are written.</summary>
internal static class ResultJson
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };
}
