using LlmTr.Simulation.Tests.Scheduling;

namespace LlmTr.Simulation.Tests.Storage;

/// <summary>Where the ledgers of a run lie.</summary>
internal interface ISimulatedStorage
{
    /// <summary>The ledgers as an activation of a key reaches them from its silo.</summary>
    LedgersOfOneWriter Of(string key, Node silo);

    /// <summary>For so long nothing is written or read; what was asked for waits or fails.</summary>
    void GoDown(TimeSpan howLong);
}
