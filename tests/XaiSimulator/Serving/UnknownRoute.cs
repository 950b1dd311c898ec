using LlmTr.XaiSimulator.Wire;

namespace LlmTr.XaiSimulator.Serving;

/// <summary>A path or a method that xAI does not have, or that the simulator does not know yet. It is recorded and refused.</summary>
internal sealed class UnknownRoute(Fault fault) : IArea
{
    public IReadOnlyList<string> Methods => [];

    public IAsked Read(Incoming incoming) => new Asked(fault);

    private sealed class Asked(Fault fault) : IAsked
    {
        public Reply Answer(Turn turn) => turn.Refuse(fault);
    }
}
