using LlmTr.XaiSimulator.Serving;
using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Models;

/// <summary><c>GET /v1/api-key</c>: a look at the key itself, which costs nothing (xAI contract, section 8). The names of its members are documented, not seen.</summary>
internal sealed class KeyArea : IArea, IAsked
{
    public IReadOnlyList<string> Methods => ["GET"];

    public IAsked Read(Incoming incoming) => this;

    public Reply Answer(Turn turn) => turn.KeyFault() is { } fault
        ? turn.Refuse(fault)
        : turn.Scripted(HeaderSet.Plain) ?? Reply.Json(WireJson.Object(writer =>
        {
            writer.WriteString("redacted_api_key", "xai-...0000");
            writer.WriteString("name", "simulated");
            writer.WriteString("team_id", Fault.Team);
            writer.WriteStartArray("acls");
            writer.WriteStringValue("api-key:endpoint:*");
            writer.WriteStringValue("api-key:model:*");
            writer.WriteEndArray();
            writer.WriteBoolean("team_blocked", false);
            writer.WriteBoolean("api_key_blocked", false);
            writer.WriteBoolean("api_key_disabled", false);
        }), HeaderSet.Plain);
}
