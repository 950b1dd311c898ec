namespace LlmTr.Api.Hosting;

/// <summary>How a front end leaves: section <c>Shutdown</c> of the configuration.</summary>
public sealed class ShutdownOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement = "Shutdown:Drain must be from 0 to 10 minutes.";

    /// <summary>
    /// How long a front end that was told to stop still takes requests while <c>/health/ready</c> already refuses: so long must a load balancer have to notice.
    /// Zero without one: whoever connects afterwards is refused at once.
    /// </summary>
    public TimeSpan Drain { get; set; }

    /// <summary>True when it is in its range.</summary>
    public bool IsValid => Drain >= TimeSpan.Zero && Drain <= TimeSpan.FromMinutes(10);
}
