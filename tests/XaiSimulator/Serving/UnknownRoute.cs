using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>A path or a method that xAI does not have, or that the simulator does not know yet. It is recorded and refused.</summary>
internal sealed class UnknownRoute(Fault fault) : IArea
{
    public string Method => "";

    public IAsked Read(Incoming incoming) => new Asked(fault);

    private sealed class Asked(Fault fault) : IAsked
    {
        public string Prompt => "";

        public string MarkerText => "";

        public string? Model => null;

        public IReadOnlyList<string> Fields => [];

        public IReadOnlyList<string> UnknownFields => [];

        public Reply Answer(Turn turn) => turn.Refuse(fault);
    }
}
