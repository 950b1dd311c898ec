namespace LlmTr.Api.Hosting;

/// <summary>When a front end turns requests away: section <c>Readiness</c> of the configuration.</summary>
public sealed class ReadinessOptions
{
    /// <summary>What <see cref="IsValid"/> asks for, as a sentence for who configured it.</summary>
    public const string Requirement = "Readiness:Grace must be from 0 to 10 minutes.";

    /// <summary>
    /// How long a front end that was ready stays so while the cluster does not answer it. Beyond what the cluster needs to replace a silo that died, about 6 s: meanwhile requests wait and are
    /// answered, and a load balancer that has nobody left to send to would refuse them.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>True when it is in its range.</summary>
    public bool IsValid => Grace >= TimeSpan.Zero && Grace <= TimeSpan.FromMinutes(10);
}
