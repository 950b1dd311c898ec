using Xunit.Abstractions;
using Xunit.Sdk;

namespace LlmTr.Silo.Tests.Azurite;

/// <summary>A test that needs Azurite, and is skipped where <see cref="AzuriteProcess.Variable"/> does not say how to start one.</summary>
internal sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = NeedsAzuriteAttribute.WhySkipped;
}

/// <summary>A theory that needs Azurite.</summary>
internal sealed class AzuriteTheoryAttribute : TheoryAttribute
{
    public AzuriteTheoryAttribute() => Skip = NeedsAzuriteAttribute.WhySkipped;
}

/// <summary>A test class whose inherited <see cref="StoreFactAttribute"/> tests need Azurite.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsAzuriteAttribute : Attribute
{
    public static string? WhySkipped => AzuriteProcess.Command is null
        ? $"There is no Azurite: {AzuriteProcess.Variable} names no command that starts its blob service (test.sh sets it)."
        : null;
}

/// <summary>A test of what every store must do, whatever it is made of: in a class marked <see cref="NeedsAzuriteAttribute"/> it is skipped where there is none.</summary>
[XunitTestCaseDiscoverer("LlmTr.Silo.Tests.Azurite.StoreFactDiscoverer", "LlmTr.Silo.Tests")]
internal sealed class StoreFactAttribute : FactAttribute;

internal sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new StoreTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

internal sealed class StoreTestCase : XunitTestCase
{
    [Obsolete("Called by the deserializer only.", error: true)]
    public StoreTestCase()
    {
    }

    public StoreTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAzuriteAttribute)).Any() ? NeedsAzuriteAttribute.WhySkipped : base.GetSkipReason(factAttribute);
}
